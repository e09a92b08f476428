"""What an applicant does: begin, write, send, correct, take back, withdraw, delete; and who moves a deadline.

What a coordinator asks of an applicant is in `asking.py`.
"""

from app.applications.actions.assisting import (
    AssistedInput,
    hand_over,
    renew_code,
    start_assisted,
    take_over,
)
from app.applications.actions.choosing import choose_answers
from app.applications.actions.consenting import change_consent
from app.applications.actions.correcting import AnswerInput, answer_correction
from app.applications.actions.drafting import Saved, act_on_row, save_section
from app.applications.actions.extending import (
    LaterInput,
    TakenBackInput,
    extend_for_all,
    give_extension,
    take_back_extension,
)
from app.applications.actions.leaving import delete_draft, take_back, withdraw_application
from app.applications.actions.restoring import restore_version
from app.applications.actions.sending import NotReady, SendInput, Sent, send_application
from app.applications.actions.starting import ConsentInput, start_application
from app.applications.consents import CONSENT_VERSION

__all__ = [
    "CONSENT_VERSION",
    "AnswerInput",
    "AssistedInput",
    "ConsentInput",
    "LaterInput",
    "NotReady",
    "Saved",
    "SendInput",
    "Sent",
    "TakenBackInput",
    "act_on_row",
    "answer_correction",
    "change_consent",
    "choose_answers",
    "delete_draft",
    "extend_for_all",
    "give_extension",
    "hand_over",
    "renew_code",
    "restore_version",
    "save_section",
    "send_application",
    "start_application",
    "start_assisted",
    "take_back",
    "take_back_extension",
    "take_over",
    "withdraw_application",
]
