"""Making a call: from nothing, or as a copy of an earlier one."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.accounts.actors import Coordinator, Manager
from app.audit.record import record
from app.calls.inputs import CloneInput, CriteriaInput, CriterionInput, NewCallInput, TextsInput
from app.calls.logos import copy_logos
from app.calls.organisations import write_organisations
from app.calls.own_question import stored_own_question
from app.calls.setup import stored_faq, write_criteria, write_rounds
from app.calls.setup_view import CallSetup, setup_of
from app.errors import Invalid
from app.models.calls import Call, CallKind
from app.models.panel import Manager as ManagerRow
from app.models.panel import PanelMember, PanelRole
from app.random_codes import random_code
from app.sections.catalogue import CATALOGUE

DEFAULTS = Path(__file__).parent / "defaults"
SECTIONS = {
    CallKind.GRANT: ("team", "brief", "need", "work_plan", "budget", "sustainability"),
    CallKind.SELECTION: ("candidate", "motivation"),
}
"""The sections that a new call of each kind begins with."""


@cache
def _default(name: str) -> Any:
    return json.loads((DEFAULTS / f"{name}.json").read_text(encoding="utf-8"))


UNDATED: dict[str, object] = {"code": "", "held_at": None, "reserve_places": 0, "reserve_until": None}
"""What a copied round has not: neither its own code nor a day, nor a list that ends on one."""


def default_criteria() -> CriteriaInput:
    """The programme's four criteria with their written anchors; ties are broken in their order."""
    return CriteriaInput(
        criteria=[
            CriterionInput(**each, tie_position=position)
            for position, each in enumerate(_default("criteria"), 1)
        ]
    )


def create_call(session: Session, manager: Manager, given: NewCallInput, now: datetime) -> int:
    """A call in preparation, with the usual sections and (for grants) criteria and choices.

    Its maker becomes its coordinator. Returns the call's key, which stays on the server.
    """
    grant = given.kind is CallKind.GRANT
    choices = _default("choices") if grant else {"themes": [], "priorities": []}
    call = _blank(given.slug, given.ref_prefix, given.kind, now)
    call.title = given.title.stored
    call.sections = [{"code": code} for code in SECTIONS[given.kind] if code in CATALOGUE]
    call.themes, call.priorities = choices["themes"], choices["priorities"]
    call_id = _added(session, call)
    if grant:
        write_criteria(session, call_id, default_criteria())
    _coordinate(session, manager, call_id, now)
    record(session, "call.create", now=now, person_id=manager.person_id, call_id=call_id, subject=given.slug)
    return call_id


def clone_call(
    session: Session, coordinator: Coordinator, manager: Manager, given: CloneInput, now: datetime
) -> int:
    """A new call with the same setup: texts, questions and answers, money, sections, criteria, rounds,
    organisations with their logos.

    Dates stay empty; people, applications and everything that happened stay with the old call.
    Only who runs the old call and may create calls can do it.
    """
    setup = setup_of(session, coordinator)
    call = _blank(given.slug, given.ref_prefix, setup.kind, now)
    _copy_columns(setup, call)
    call_id = _added(session, call)
    write_criteria(session, call_id, setup.criteria)
    undated = [each.model_copy(update=UNDATED) for each in setup.rounds.rounds]
    write_rounds(session, call_id, setup.rounds.model_copy(update={"rounds": undated}))
    write_organisations(session, call_id, setup.organisations)
    copy_logos(session, coordinator.call_id, call_id, now)
    _coordinate(session, manager, call_id, now)
    record(
        session,
        "call.clone",
        now=now,
        person_id=manager.person_id,
        call_id=call_id,
        subject=given.slug,
        detail={"from": setup.slug},
    )
    return call_id


def may_create_calls(session: Session, coordinator: Coordinator) -> bool:
    """Whether who runs this call may also make another."""
    return session.get(ManagerRow, coordinator.person_id) is not None


def _copy_columns(setup: CallSetup, call: Call) -> None:
    for name, texts in setup.texts:
        setattr(call, name, texts.stored)
    for part in (setup.money, setup.scoring):
        for name, value in part:
            setattr(call, name, value)
    call.timezone, call.grace_minutes = setup.dates.timezone, setup.dates.grace_minutes
    call.sections = [{"code": code} for code in setup.sections.sections]
    call.eligibility, call.faq = setup.eligibility.model_dump(), stored_faq(setup.faq)
    call.themes = [each.model_dump() for each in setup.choices.themes]
    call.priorities = [each.model_dump() for each in setup.choices.priorities]
    call.own_question = stored_own_question(setup.choices)


def _blank(slug: str, ref_prefix: str, kind: CallKind, now: datetime) -> Call:
    call = Call(
        slug=slug, ref_prefix=ref_prefix, kind=kind, created_at=now, themes=[], priorities=[], sections=[]
    )
    for name in TextsInput.model_fields:
        setattr(call, name, {})
    return call


def _added(session: Session, call: Call) -> int:
    """Two people may choose the same address at the same moment: the database decides."""
    try:
        with session.begin_nested():
            session.add(call)
            session.flush()
    except IntegrityError as error:
        raise Invalid({"slug": "call.slug_taken"}) from error
    if call.id is None:
        raise RuntimeError("a flushed call has a key")
    return call.id


def _coordinate(session: Session, manager: Manager, call_id: int, now: datetime) -> None:
    session.add(
        PanelMember(
            call_id=call_id,
            person_id=manager.person_id,
            role=PanelRole.COORDINATOR,
            code=random_code(),
            joined_at=now,
        )
    )
    session.flush()
