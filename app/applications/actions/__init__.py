"""What an applicant does: begin, write, send, take back, withdraw, delete."""

from app.applications.actions.choosing import choose_answers
from app.applications.actions.drafting import Saved, act_on_row, save_section
from app.applications.actions.leaving import delete_draft, take_back, withdraw_application
from app.applications.actions.restoring import restore_version
from app.applications.actions.sending import NotReady, SendInput, Sent, send_application
from app.applications.actions.starting import CONSENT_VERSION, ConsentInput, start_application

__all__ = [
    "CONSENT_VERSION",
    "ConsentInput",
    "NotReady",
    "Saved",
    "SendInput",
    "Sent",
    "act_on_row",
    "choose_answers",
    "delete_draft",
    "restore_version",
    "save_section",
    "send_application",
    "start_application",
    "take_back",
    "withdraw_application",
]
