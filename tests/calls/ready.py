"""A call made ready to open through the actions alone."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator, Manager
from app.calls import actions
from app.calls.inputs import (
    DatesInput,
    MoneyInput,
    NewCallInput,
    OrganisationsInput,
    RoundInput,
    RoundsInput,
    TextsInput,
)
from app.calls.texts import LongTexts, ShortTexts
from app.models.applications import Application
from app.models.calls import Call, CallKind
from app.models.people import Applicant
from app.random_codes import random_code
from tests.world import CLOSES, NOW, OPENS, World

LONG = LongTexts(kk="Мәтін", ru="Текст", en="Text")
SHORT = ShortTexts(kk="Атау", ru="Название", en="Title")
TEXTS = TextsInput(
    title=SHORT, purpose=LONG, who_can_apply=LONG, who_cannot=LONG, need_at_hand=LONG, other_ways=LONG
)
DATES = DatesInput(
    opens_at=OPENS,
    closes_at=CLOSES,
    reviews_due_at=CLOSES + timedelta(days=20),
    results_expected_at=CLOSES + timedelta(days=40),
)
MONEY = MoneyInput(ceiling_minor=500_000, rate_minor=56_000)
ROUNDS = RoundsInput(
    rounds=[
        RoundInput(
            name=SHORT,
            event=SHORT,
            held_at=CLOSES + timedelta(days=45),
            places=6,
            amount_minor=500_000,
            envelope_minor=3_000_000,
        )
    ]
)
ORGANISATIONS = OrganisationsInput(organisations=["BC", "AKIM", "ADC", "KBTU"])


def make_new(
    session: Session,
    manager: Manager,
    slug: str = "2027",
    kind: CallKind = CallKind.GRANT,
    now: datetime = NOW,
) -> Coordinator:
    """A call in preparation and its coordinator."""
    call_id = actions.create_call(
        session, manager, NewCallInput(slug=slug, ref_prefix="WA27", kind=kind, title=SHORT), now
    )
    return Coordinator(manager.person_id, call_id)


def make_ready(session: Session, manager: Manager, slug: str = "2027", now: datetime = NOW) -> Coordinator:
    """A call that lacks nothing but its opening. It is at version 6."""
    coordinator = make_new(session, manager, slug, now=now)
    actions.save_texts(session, coordinator, 1, TEXTS, now)
    actions.save_dates(session, coordinator, 2, DATES, now)
    actions.save_money(session, coordinator, 3, MONEY, now)
    actions.save_rounds(session, coordinator, 4, ROUNDS, now)
    actions.choose_organisations(session, coordinator, 5, ORGANISATIONS, now)
    return coordinator


def version_of(session: Session, coordinator: Coordinator) -> int:
    """The version of the coordinator's call."""
    return session.exec(select(col(Call.version)).where(col(Call.id) == coordinator.call_id)).one()


def apply_as(session: Session, world: World, name: str) -> None:
    """Somebody of the world has a draft in its call."""
    assert world.call.id
    application = Application(
        call_id=world.call.id,
        ref=f"WA26-{random_code(4)}",
        code=random_code(),
        language="en",
        created_at=NOW,
    )
    session.add(application)
    session.flush()
    assert application.id
    person_id = world.applicant(name).person_id
    session.add(Applicant(application_id=application.id, person_id=person_id, joined_at=NOW))
    session.flush()
