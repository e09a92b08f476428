"""What an applicant does: begin, write, send, correct, take back, withdraw, delete; and who moves a deadline.

What a coordinator asks of an applicant is in `asking.py`.
"""

from app.applications.actions.assisting import (
    AssistedInput,
    check_entry,
    go_on_alone,
    hand_to_owner,
    renew_code,
    start_assisted,
)
from app.applications.actions.attending import attend, take_over
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
from app.applications.actions.inviting import (
    InviteInput,
    JoinInput,
    accept,
    call_off,
    decline,
    invite,
    invite_again,
)
from app.applications.actions.leaking import leave_leak
from app.applications.actions.leaving import delete_draft, take_back, withdraw_application
from app.applications.actions.restoring import restore_version
from app.applications.actions.sending import NotReady, SendInput, Sent, send_application
from app.applications.actions.starting import ConsentInput, start_application
from app.applications.actions.teaming import RoleInput, change_role, hand_over, leave_team, remove_member
from app.applications.actions.typing_corrections import (
    SavedCorrection,
    act_on_correction,
    choose_typed,
    save_correction,
)
from app.applications.consents import CONSENT_VERSION

__all__ = [
    "CONSENT_VERSION",
    "AnswerInput",
    "AssistedInput",
    "ConsentInput",
    "InviteInput",
    "JoinInput",
    "LaterInput",
    "NotReady",
    "RoleInput",
    "Saved",
    "SavedCorrection",
    "SendInput",
    "Sent",
    "TakenBackInput",
    "accept",
    "act_on_correction",
    "act_on_row",
    "answer_correction",
    "attend",
    "call_off",
    "change_consent",
    "change_role",
    "check_entry",
    "choose_answers",
    "choose_typed",
    "decline",
    "delete_draft",
    "extend_for_all",
    "give_extension",
    "go_on_alone",
    "hand_over",
    "hand_to_owner",
    "invite",
    "invite_again",
    "leave_leak",
    "leave_team",
    "remove_member",
    "renew_code",
    "restore_version",
    "save_correction",
    "save_section",
    "send_application",
    "start_application",
    "start_assisted",
    "take_back",
    "take_back_extension",
    "take_over",
    "withdraw_application",
]
