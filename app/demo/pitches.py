"""Calls whose evening is prepared: reviewed, ten finalists confirmed and announced, the jury invited.

All teams, jurors and guests are invented. `tonight` is the call whose evening begins on the day on which the
demo is loaded: whoever tries the demo presses through it, from the first title to publication.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import typst
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant, Coordinator, Manager
from app.calls.inputs import MemberInput, RoundInput
from app.calls.panel import add_member
from app.calls.texts import ShortTexts
from app.decisions.closing import close_reviewing
from app.demo.applicants import receive
from app.demo.calls import AWARD_MINOR, STAND_BY, open_at, pot_code, rule, set_up_call
from app.demo.clearing import clear_all
from app.demo.corpus import Proposal
from app.demo.corpus.people import Registry
from app.demo.facts import at, facts
from app.demo.screening import screen_all
from app.demo.short import acting, ask_little, score_all, seat_reviewers, short_proposal
from app.demo.ties import decide_ties
from app.demo.yards import yards
from app.events.answering import answer_invitation
from app.events.audience import RegisterInput, attendee_key, confirm, register
from app.events.checklist import BEFORE, tick_item
from app.events.jury import JurorInput, add_juror
from app.events.jury_access import issue_access
from app.events.naming import name_finalists
from app.events.notes import AnswerInput, NoteInput, answer_question, keep_slides, pass_on, save_note
from app.events.questions import QuestionInput, ask
from app.events.running_order import announce_finalists, draw_running_order
from app.events.setting_up import EventInput, PlaceInput, save_event
from app.events.show import plan as plan_show
from app.events.stage import NoteInput as SaidInput
from app.events.stage import write_note
from app.files.store import Store
from app.models.applications import Application
from app.models.calls import AwardRound
from app.models.events import CheckItem, Event, Finalist, FinalistState
from app.models.keys import key_of
from app.models.panel import PanelMember, PanelRole
from app.models.people import Applicant as ApplicantRow
from app.models.people import Attendee, Person
from app.reviews.assignment import distribute_evenly
from app.reviews.opening import open_reviewing

LEAST, FINALISTS, WEIGHT = 6, 10, 50
"""Awards that are promised, teams that pitch, and how much of the total the pitch counts, in percent."""
SEATS = 120
NOT_DONE = frozenset({CheckItem.HOTSPOT, CheckItem.SCREEN, CheckItem.SOUND, CheckItem.JURY, CheckItem.DOOR})
"""What is left to be done two hours before the evening."""
SECRET = "nobody has this link"  # noqa: S105 - whoever needs a link has a new one made
WITHOUT_SLIDES = 4
"""The slot of the team that has not sent its slides."""
_SLIDES = """
#set document(date: none)
#set page(width: 254mm, height: 142.9mm, margin: 18mm, fill: rgb("#fbf7ee"))
#set text(font: "DejaVu Sans Mono", size: 20pt, fill: rgb("#10404b"))
#let pitch = json(bytes(sys.inputs.pitch))
#align(horizon, [#text(size: 34pt, weight: "bold", pitch.title) #parbreak() #text(pitch.summary)])
#pagebreak()
#align(horizon, text(pitch.stays))
"""


@cache
def pitches() -> dict[str, Any]:
    """Everything that is said in these calls."""
    loaded: dict[str, Any] = json.loads(
        (Path(__file__).parent / "data" / "pitches.json").read_text(encoding="utf-8")
    )
    return loaded


@dataclass(frozen=True, slots=True)
class Plan:
    """A call with an evening: what it is called, when it ran, and who applied with what."""

    slug: str
    prefix: str
    title: Mapping[str, str]
    purpose: Mapping[str, str]
    ideas: Sequence[Mapping[str, Any]]
    opens: datetime
    closes: datetime
    reviewed: datetime
    starts: datetime
    pot: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The call by its slug, its two coordinators, its round and the proposals by reference."""

    slug: str
    coordinator: Coordinator
    second: Coordinator
    pot: str
    received: Mapping[str, Proposal]


def tonight(
    session: Session, store: Store | None, manager: Manager, today: date, registry: Registry
) -> Prepared:
    """The call whose evening begins today, with all but the last things done."""
    said, starts = pitches()["tonight"], at(today, 19)
    prepared = prepare(
        session,
        manager,
        Plan(
            slug=f"tonight-{today.year}",
            prefix=f"TN{today:%y}",
            title=said["title"],
            purpose=said["purpose"],
            ideas=said["ideas"],
            opens=at(today - timedelta(days=100)),
            closes=at(today - timedelta(days=62), 18),
            reviewed=at(today - timedelta(days=24), 11),
            starts=starts,
            pot=rule(LEAST)
            | {
                "places": FINALISTS,
                "reserve_places": STAND_BY,
                "reserve_until": starts + timedelta(days=60),
            },
        ),
        registry,
    )
    _the_teams_prepare(session, store, prepared, at(today - timedelta(days=9)))
    _the_audience_comes(session, prepared, at(today - timedelta(days=6)))
    done = at(today, 9)
    plan_show(session, prepared.coordinator, prepared.pot, _event(session, prepared).version, done)
    for item in BEFORE:
        if item not in NOT_DONE:
            tick_item(session, prepared.coordinator, prepared.pot, item, True, done)
    said_now = SaidInput(note=pitches()["note"])
    write_note(session, prepared.coordinator, prepared.pot, said_now, done)
    return prepared


def prepare(session: Session, manager: Manager, plan: Plan, registry: Registry) -> Prepared:
    """A call from its opening until its finalists are announced and its jury is invited."""
    chance = Random(f"evening {plan.slug}")
    coordinator, second = _set_up(session, manager, plan)
    written = [
        short_proposal(f"{plan.slug}-{number}", number, idea, registry)
        for number, idea in enumerate(plan.ideas, 1)
    ]
    received = receive(session, None, plan.slug, written, plan.opens, plan.closes, chance)
    began = plan.closes + timedelta(days=2)
    screen_all(session, coordinator, began)
    clear_all(session, coordinator, began + timedelta(hours=2))
    open_reviewing(session, coordinator, began + timedelta(hours=4))
    decide_ties(session, coordinator, began + timedelta(hours=5))
    distribute_evenly(session, coordinator, began + timedelta(hours=6))
    score_all(session, coordinator, received, began + timedelta(hours=7), plan.reviewed, chance)
    close_reviewing(session, coordinator, plan.reviewed)
    prepared = Prepared(plan.slug, coordinator, second, pot_code(session, coordinator), received)
    _invite(session, prepared, plan)
    _seat_the_jury(session, prepared, plan.reviewed + timedelta(days=8))
    return prepared


def _set_up(session: Session, manager: Manager, plan: Plan) -> tuple[Coordinator, Coordinator]:
    past, before = facts()["calls"]["2019"], plan.opens - timedelta(days=1)
    pot = RoundInput(
        name=ShortTexts(**past["round"]),
        event=ShortTexts(**past["event"]),
        held_at=plan.starts,
        amount_minor=AWARD_MINOR,
        envelope_minor=AWARD_MINOR * LEAST,
        finalists=FINALISTS,
        pitch_weight=WEIGHT,
        **plan.pot,
    )
    coordinator = set_up_call(
        session,
        manager,
        slug=plan.slug,
        prefix=plan.prefix,
        title=dict(plan.title),
        purpose=dict(plan.purpose),
        opens_at=plan.opens,
        closes_at=plan.closes,
        rounds=[pot],
        now=before,
    )
    ask_little(session, coordinator, before)
    open_at(session, coordinator, before)
    seat_reviewers(session, coordinator, 1, plan.opens)
    given = MemberInput(**yards()["second"], role=PanelRole.COORDINATOR)
    code = add_member(session, coordinator, given, plan.opens)
    other = session.exec(select(PanelMember.person_id).where(PanelMember.code == code)).one()
    return coordinator, Coordinator(other, coordinator.call_id)


def _event(session: Session, prepared: Prepared) -> Event:
    """The evening as it stands."""
    session.flush()
    return session.exec(
        select(Event)
        .join(AwardRound, col(AwardRound.id) == col(Event.round_id))
        .where(AwardRound.code == prepared.pot)
        .execution_options(populate_existing=True)
    ).one()


def _invite(session: Session, prepared: Prepared, plan: Plan) -> None:
    """The first of the order are invited, all of them confirm, and the running order is drawn and public."""
    cora, pot, now = prepared.coordinator, prepared.pot, plan.reviewed + timedelta(days=1)
    given = EventInput(starts_at=plan.starts, place=PlaceInput(**pitches()["place"]), capacity=SEATS)
    save_event(session, cora, pot, 0, given, now)
    name_finalists(session, cora, pot, _event(session, prepared).version, now + timedelta(hours=1))
    for hours, (who, ref, _, version) in enumerate(finalists(session, prepared), 3):
        answered = now + timedelta(hours=3 * hours)
        answer_invitation(session, who, ref, FinalistState.CONFIRMED, version, answered)
    drawn = now + timedelta(days=5)
    draw_running_order(session, cora, pot, _event(session, prepared).version, drawn)
    announce_finalists(session, cora, pot, _event(session, prepared).version, drawn + timedelta(hours=1))


def finalists(session: Session, prepared: Prepared) -> list[tuple[Applicant, str, str, int]]:
    """Who pitches, in their order: (who writes for it, reference, code, version of the invitation)."""
    session.flush()
    rows = session.exec(
        select(ApplicantRow.person_id, Application.ref, Application.code, Finalist.version)
        .join(Application, col(Application.id) == col(ApplicantRow.application_id))
        .join(Finalist, col(Finalist.application_id) == col(Application.id))
        .join(AwardRound, col(AwardRound.id) == col(Finalist.round_id))
        .join(Person, col(Person.id) == col(ApplicantRow.person_id))
        .where(AwardRound.code == prepared.pot)
        .order_by(col(Finalist.slot), col(Finalist.position))
    ).all()
    return [(Applicant(key_of(person)), ref, code, version) for person, ref, code, version in rows]


def _seat_the_jury(session: Session, prepared: Prepared, now: datetime) -> None:
    """One of each partner organisation, each with a link and a code that nobody here has."""
    cora, pot = prepared.coordinator, prepared.pot
    for each in pitches()["jury"]:
        code = add_juror(session, cora, pot, JurorInput(**each), now)
        issue_access(session, cora, pot, code, secret=SECRET, now=now)


def panel_asks(session: Session, prepared: Prepared, slots: Sequence[int], now: datetime) -> None:
    """A reviewer asks these teams; they answer, and the coordinator passes that on."""
    said = pitches()
    member = session.exec(
        select(PanelMember)
        .where(PanelMember.call_id == prepared.coordinator.call_id, PanelMember.role == PanelRole.REVIEWER)
        .order_by(col(PanelMember.id))
    ).first()
    if member is None:
        return
    pitching = finalists(session, prepared)
    for slot in slots:
        who, ref, code, _ = pitching[slot - 1]
        given = QuestionInput(application=code, words=said["question"])
        question = ask(session, acting(member), given, now)
        answer = AnswerInput(words=said["answers"][prepared.received[ref].language])
        answer_question(session, who, ref, question, answer, 0, now + timedelta(days=1))
        pass_on(session, prepared.coordinator, prepared.pot, code, question, now + timedelta(days=2))


def _the_teams_prepare(session: Session, store: Store | None, prepared: Prepared, now: datetime) -> None:
    """What is said of each on the stage, and the slides of all but one."""
    by_title = {each["title"]: each for each in pitches()["tonight"]["ideas"]}
    panel_asks(session, prepared, (1, 2), now)
    for slot, (who, ref, _, _) in enumerate(finalists(session, prepared), 1):
        own = by_title[str(prepared.received[ref].sections["brief"]["title"])]
        given = NoteInput(
            spoken_title=own["spoken"],
            stage_text=own["stage"],
            pronunciation=own["say"],
            people=own.get("people", "3"),
            access_needs=own.get("needs", ""),
        )
        save_note(session, who, ref, given, 0, now + timedelta(hours=slot))
        if store is not None and slot != WITHOUT_SLIDES:
            _send_slides(session, store, who, ref, own, now + timedelta(days=1, hours=slot))


def _send_slides(
    session: Session, store: Store, who: Applicant, ref: str, own: Mapping[str, Any], now: datetime
) -> None:
    told = json.dumps({name: own[name] for name in ("title", "summary", "stays")}, ensure_ascii=False)
    data = bytes(typst.compile(_SLIDES.encode(), sys_inputs={"pitch": told}))
    with store.workplace() as place:
        source = place / "slides"
        source.write_bytes(data)
        keep_slides(session, who, ref, store.put(source), len(data), 2, now)


def _the_audience_comes(session: Session, prepared: Prepared, now: datetime) -> None:
    """Some register, and all but the last of them press the button in their mail."""
    guests = pitches()["audience"]
    for number, each in enumerate(guests):
        when = now + timedelta(hours=5 * number)
        given = RegisterInput(name=each["name"], email=each["email"], needs=each["needs"], agreed=True)
        register(
            session,
            prepared.slug,
            prepared.pot,
            given,
            language=each["language"],
            client=f"guest {number}",
            now=when,
        )
        if number + 1 < len(guests):
            row = session.exec(select(Attendee).where(Attendee.email == each["email"])).one()
            key = attendee_key(SECRET, row.code, row.nonce)
            confirm(session, SECRET, key, when + timedelta(minutes=7))
