"""Loading the demo programme into an empty, migrated database."""

from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.accounts.actions import person_with
from app.accounts.actors import Coordinator, Manager
from app.accounts.managers import make_manager
from app.database import make_engine, session_on
from app.demo.applicants import naming, receive, send, write
from app.demo.calls import (
    REVIEWING_LASTS,
    add_reviewers,
    answer_questions,
    archive_call,
    main_round,
    open_at,
    set_up_call,
)
from app.demo.clearing import clear_all
from app.demo.corpus import Proposal, proposals_of_two_calls
from app.demo.corpus.people import Registry
from app.demo.evenings import replay_call
from app.demo.facts import COORDINATOR, at, facts, numbered, on, reviewers
from app.demo.files import add_files
from app.demo.nights import eight_winners
from app.demo.pitches import tonight
from app.demo.scores import review_all
from app.demo.screening import screen_all
from app.demo.ties import decide_ties
from app.demo.twice import sent_again
from app.demo.waiting import add_contact, leave_waiting
from app.demo.yards import panel_call, yards
from app.files.opening import open_store
from app.files.store import Store
from app.models.outbox import Mail, MailState
from app.models.panel import Organisation, Programme
from app.models.people import Person
from app.random_codes import repeatable_codes
from app.reviews.assignment import distribute_evenly
from app.reviews.opening import open_reviewing
from app.settings import Settings

TITLE = {"kk": "БізАлматы гранттары", "ru": "Гранты МыАлматы", "en": "WeAlmaty grants"}
SENT_IN_OPEN_CALL = 9
DRAFTS_IN_OPEN_CALL = 6
NAMING_IN_OPEN_CALL = 2
"""How many of those that are sent say who wrote them, so that their coordinator has something to cover."""
TWICE, TWICE_IN_OPEN_CALL = (5, 6), (2,)
"""Places of those that are sent twice, so that a coordinator has something to compare."""


def load_demo(settings: Settings, today: date, *, first_run: bool = False) -> str:
    """Load the demo as it stands on `today`; a sentence that says what was done.

    With `first_run` a database that has a programme already is left alone; without it that is refused.
    """
    engine = make_engine(settings.database_url)
    try:
        with session_on(engine) as session, session.begin():
            if session.exec(select(Programme.id)).first() is not None:
                return "The database has a programme already; the demo is not loaded again."
            with repeatable_codes(f"demo {today.isoformat()}"):
                load(session, today, open_store(settings))
    finally:
        engine.dispose()
    return f"Demo programme loaded as of {today.isoformat()}."


def load(session: Session, today: date, store: Store | None = None) -> None:
    """Everything, in one unit of work: the demo is there as a whole or not at all.

    With a store a few proposals have a picture and a document.
    """
    manager = _programme(session)
    for slug in facts()["calls"]:
        archive_call(session, manager, slug)
    replay_call(session, manager)
    chance = Random(f"scores {today.isoformat()}")
    soon, later = (_next_month(day) for day in (_decided_on(today), _decided_next_on(today)))
    registry = Registry()
    written, being_written = demo_proposals(soon, later, registry)
    _call_in_review(session, store, manager, today, written, chance)
    _open_call(session, store, manager, today, being_written, chance)
    panel_call(session, manager, today, registry, Random(f"yards {today.isoformat()}"))
    eight_winners(session, manager, registry)
    tonight(session, store, manager, today, registry)
    _end_the_past(session)


def _end_the_past(session: Session) -> None:
    """Nobody is told of the demo's past; of results that are public the letters have gone."""
    letters = col(Mail.template).startswith("result")
    session.execute(
        update(Mail).where(letters).values(state=MailState.SENT, sent_at=Mail.not_before, attempts=1)
    )
    session.execute(
        update(Mail).where(~letters).values(state=MailState.CANCELLED, error="the past of the demo")
    )


def demo_proposals(
    start: date, next_start: date, registry: Registry | None = None
) -> tuple[list[Proposal], list[Proposal]]:
    """What is sent in the call in review and written in the open one, with those that are sent twice."""
    written, being_written = proposals_of_two_calls(start, next_start, registry=registry)
    return (
        sent_again(written, TWICE),
        sent_again(being_written, TWICE_IN_OPEN_CALL, at=SENT_IN_OPEN_CALL - 1),
    )


def _programme(session: Session) -> Manager:
    began = on("2017-03-01")
    said = facts()
    session.add(
        Programme(
            name=said["programme"]["name"],
            funder=said["programme"]["funder"],
            eu_funded=True,
            help=said["programme"]["help"],
        )
    )
    for each in said["organisations"]:
        session.add(Organisation(code=each["code"], name=each["name"]))
    make_manager(session, COORDINATOR, began)
    named = [*(said["people"][role] for role in ("coordinator", "contact")), said["waiting"]["invited"]]
    named.append(yards()["second"])
    for email, name in [(each["email"], each["name"]) for each in named] + [
        (email, name) for _, email, name in reviewers()
    ]:
        person = person_with(session, email, language="ru", now=began)
        person.name, person.language = name, "ru"
        session.add(person)
    session.flush()
    key = session.exec(select(Person.id).where(Person.email == COORDINATOR)).one()
    return Manager(key or 0)


def _call_in_review(
    session: Session,
    store: Store | None,
    manager: Manager,
    today: date,
    written: list[Proposal],
    chance: Random,
) -> Coordinator:
    """253 applications, 20 reviewers, 1,012 assignments of which 1,000 reviews are sent."""
    opens, closes = at(today - timedelta(days=75)), at(today - timedelta(days=28), 18)
    coordinator = set_up_call(
        session,
        manager,
        slug=str(today.year),
        prefix=f"WA{today:%y}",
        title=numbered(TITLE, str(today.year)),
        opens_at=opens,
        closes_at=closes,
        rounds=[main_round(at(_decided_on(today), 15), places=6)],
        now=opens - timedelta(days=2),
    )
    answer_questions(session, coordinator, opens - timedelta(days=2))
    open_at(session, coordinator, opens - timedelta(days=1))
    add_reviewers(session, coordinator, opens)
    add_contact(session, coordinator, opens)
    received = receive(session, store, str(today.year), written, opens, closes, chance)
    began = at(today - timedelta(days=25))
    screen_all(session, coordinator, began - timedelta(hours=4))
    clear_all(session, coordinator, began - timedelta(hours=2))
    open_reviewing(session, coordinator, began)
    decide_ties(session, coordinator, began + timedelta(minutes=30))
    distribute_evenly(session, coordinator, began + timedelta(hours=1))
    review_all(session, coordinator, received, began + timedelta(hours=2), at(today, 0), chance)
    leave_waiting(session, coordinator, closes + REVIEWING_LASTS, at(today, 8))
    return coordinator


def _open_call(
    session: Session,
    store: Store | None,
    manager: Manager,
    today: date,
    written: list[Proposal],
    chance: Random,
) -> None:
    """The next call, open today, with proposals that were sent and drafts that were not."""
    year = today.year + 1
    opens, closes = at(today - timedelta(days=12)), at(_closing_next_on(today), 18)
    coordinator = set_up_call(
        session,
        manager,
        slug=str(year),
        prefix=f"WA{year % 100:02d}",
        title=numbered(TITLE, str(year)),
        opens_at=opens,
        closes_at=closes,
        rounds=[main_round(at(_decided_next_on(today), 18), places=6)],
        now=opens - timedelta(days=2),
    )
    answer_questions(session, coordinator, opens - timedelta(days=2))
    open_at(session, coordinator, opens - timedelta(days=1))
    for number, proposal in enumerate(written[: SENT_IN_OPEN_CALL + DRAFTS_IN_OPEN_CALL]):
        begun_at: datetime = opens + timedelta(days=chance.randint(1, 8), minutes=chance.randint(0, 600))
        if number < SENT_IN_OPEN_CALL:
            proposal = naming(proposal) if number < NAMING_IN_OPEN_CALL else proposal
            applicant, ref = write(session, str(year), proposal, begun_at)
            if store is not None and number == 0:
                add_files(session, store, applicant, ref, proposal, begun_at)
            send(session, applicant, ref, proposal, begun_at + timedelta(days=1))
        else:
            done = list(proposal.sections)[: 1 + number % 4]
            applicant, ref = write(session, str(year), proposal, begun_at, sections=done)
            if store is not None and number == SENT_IN_OPEN_CALL:
                add_files(session, store, applicant, ref, proposal, begun_at)


def _decided_on(today: date) -> date:
    """When the results of the call in review are announced."""
    return today + timedelta(days=30)


def _closing_next_on(today: date) -> date:
    """When the call closes that is open."""
    return _working_day(today + timedelta(days=18))


def _decided_next_on(today: date) -> date:
    """When its results are announced."""
    return _closing_next_on(today) + timedelta(days=75)


def _next_month(day: date) -> date:
    """A project begins after the results."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend: somebody must be at the help desk."""
    return day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)
