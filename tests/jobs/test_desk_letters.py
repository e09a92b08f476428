"""A coordinator is told by mail that something waits: once a day at most, in numbers, and never of a tie."""

from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.applications.actions.flagging import AnswerFlagInput, flag_application, resolve_flag
from app.applications.actions.screening import save_screening
from app.applications.actions.telling import SOON
from app.applications.flags import FlagInput
from app.blindfold import blindfolded
from app.database import session_on
from app.jobs.worker import send_due, tell
from app.models.applications import Application
from app.models.outbox import Mail, MailState
from app.models.people import Conflict, DevelopmentMail
from app.models.reviews import TieGround
from app.models.screening import FlagKind
from app.reviews.flagging import flag_own
from app.reviews.inputs import OwnFlagInput
from app.settings import Settings
from tests.applications.test_screening import refusal, second
from tests.factories import REVIEWING, make_assignment, make_sent_application, open_reviewing_rows
from tests.world import NOW, World, key

DAY = timedelta(days=1)


def told(session: Session) -> list[tuple[int | None, MailState]]:
    rows = session.exec(select(Mail).where(Mail.template == "desk_waits").order_by(col(Mail.id)))
    return [(each.person_id, each.state) for each in rows]


def test_who_is_asked_is_told_once_a_day_in_numbers(engine: Engine, world: World, settings: Settings) -> None:
    with session_on(engine) as session, session.begin():
        cora, other = world.coordinator(), second(session, world)
        refs = [
            make_sent_application(session, world, who, title="Secret apples").ref for who in ("ada", "ben")
        ]
        to_max = FlagInput(kind=FlagKind.SAFETY, words="Children saw wood.", to=world.members["max"].code)
        to_all = FlagInput(kind=FlagKind.SAFETY, words="Children saw wood.")
        flag_application(session, cora, refs[0], to_max, REVIEWING)
        flag_application(session, cora, refs[1], to_all, REVIEWING)
        save_screening(session, cora, refs[1], refusal(world), version=0, now=REVIEWING)
        assert told(session) == [(other.person_id, MailState.QUEUED)], "one for both, and none to who acts"
    assert send_due(engine, settings, REVIEWING) == 0
    assert send_due(engine, settings, REVIEWING + SOON) == 1
    with session_on(engine) as session, session.begin():
        mail = session.exec(select(DevelopmentMail)).one()
        for words in ("second person: 1", "Flags that wait for you: 2", "/desk/2026"):
            assert words in mail.body
        assert not [each for each in ("apples", "wood", *refs) if each in mail.body + mail.subject]
        # Another matter of the same day waits for the next morning; what was done by then is not told.
        flag_application(session, cora, refs[1], to_max, REVIEWING + SOON)
        assert [state for _, state in told(session)] == [MailState.SENT, MailState.QUEUED]
    assert send_due(engine, settings, REVIEWING + 2 * SOON) == 0
    assert send_due(engine, settings, REVIEWING + 2 * DAY) == 1


def test_a_reviewers_flag_reaches_who_coordinates_in_one_mail(
    engine: Engine, world: World, settings: Settings
) -> None:
    words = "Children saw wood."
    with session_on(engine) as session, session.begin():
        other = second(session, world)
        tied, seen = (make_sent_application(session, world, who) for who in ("ada", "ben"))
        open_reviewing_rows(session, world)
        for each in (tied, seen):
            make_assignment(session, world, each)
        pin(session, world, tied, other)
        codes = tied.code, seen.code
    blind = blindfolded(engine)
    with session_on(blind) as session, session.begin():
        flag_own(
            session, world.reviewer(), codes[0], OwnFlagInput(kind=FlagKind.SAFETY, words=words), REVIEWING
        )
    assert (tell(engine, REVIEWING), tell(engine, REVIEWING)) == (1, 0), "and the one who has a tie is not"
    with session_on(blind) as session, session.begin():
        given = OwnFlagInput(kind=FlagKind.OTHER, words=words)
        raised = flag_own(session, world.reviewer(), codes[1], given, REVIEWING + SOON / 2)
    blind.dispose()
    assert tell(engine, REVIEWING + SOON / 2) == 1, "the other one; the first has a mail that is to leave"
    assert send_due(engine, settings, REVIEWING + 2 * SOON) == 2
    with session_on(engine) as session, session.begin():
        first, later = session.exec(select(DevelopmentMail).order_by(col(DevelopmentMail.id)))
        for mail, count in ((first, 2), (later, 1)):
            assert f"Flags that wait for you: {count}" in mail.body
            assert words not in mail.body and "Canaryname" not in mail.body.replace(
                "Cora Canaryname", ""
            ).replace("Max Canaryname", "")
        resolve_flag(
            session, world.coordinator(), raised, AnswerFlagInput(answer="Seen."), version=1, now=REVIEWING
        )
    assert tell(engine, REVIEWING + 2 * SOON) == 0


def pin(session: Session, world: World, application: Application, who: Coordinator) -> None:
    session.add(
        Conflict(
            call_id=key(world.call), application_id=key(application), person_id=who.person_id,
            ground=TieGround.DECLARED, stands=True, reason="My sister.", decided_by=who.person_id,
            decided_at=NOW,
        )
    )  # fmt: skip
    session.flush()


def test_who_has_a_tie_is_not_told(session: Session, world: World) -> None:
    cora, other = world.coordinator(), second(session, world)
    application = make_sent_application(session, world)
    pin(session, world, application, other)
    given = FlagInput(kind=FlagKind.OTHER, words="Look.", to=world.members["max"].code)
    flag_application(session, cora, application.ref, given, REVIEWING)
    save_screening(session, cora, application.ref, refusal(world), version=0, now=REVIEWING)
    assert told(session) == []
