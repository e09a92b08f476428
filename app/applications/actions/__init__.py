"""What an applicant does: begin, write, send, correct, take back, withdraw, delete.

What a coordinator asks of an applicant is in `asking.py`."""

from app.applications.actions.correcting import AnswerInput, answer_correction
from app.applications.actions.drafting import Saved, act_on_row, save_section
from app.applications.actions.leaving import delete_draft, take_back, withdraw_application
from app.applications.actions.sending import NotReady, SendInput, Sent, send_application
from app.applications.actions.starting import CONSENT_VERSION, ConsentInput, start_application

__all__ = [
    "CONSENT_VERSION",
    "AnswerInput",
    "ConsentInput",
    "NotReady",
    "Saved",
    "SendInput",
    "Sent",
    "act_on_row",
    "answer_correction",
    "delete_draft",
    "save_section",
    "send_application",
    "start_application",
    "take_back",
    "withdraw_application",
]
