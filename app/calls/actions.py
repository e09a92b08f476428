"""Every act of setting up and running a call, in one place for those who only do."""

from app.calls.changing import check_version
from app.calls.creating import clone_call, create_call
from app.calls.inviting import (
    accept_seat,
    call_off,
    decline_seat,
    invite_again,
    invite_reviewer,
    propose_reviewer,
)
from app.calls.opening import cancel_call, open_call
from app.calls.organisations import add_organisation, choose_organisations
from app.calls.panel import add_member, remove_member
from app.calls.reading import save_own_reading, save_reading
from app.calls.setup import (
    save_choices,
    save_criteria,
    save_dates,
    save_eligibility,
    save_faq,
    save_money,
    save_rounds,
    save_scoring,
    save_sections,
    save_texts,
)

__all__ = [
    "accept_seat",
    "add_member",
    "add_organisation",
    "call_off",
    "cancel_call",
    "check_version",
    "choose_organisations",
    "clone_call",
    "create_call",
    "decline_seat",
    "invite_again",
    "invite_reviewer",
    "open_call",
    "propose_reviewer",
    "remove_member",
    "save_choices",
    "save_criteria",
    "save_dates",
    "save_eligibility",
    "save_faq",
    "save_money",
    "save_own_reading",
    "save_reading",
    "save_rounds",
    "save_scoring",
    "save_sections",
    "save_texts",
]
