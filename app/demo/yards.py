"""The call whose panel meets today: reviewing is closed, the order stands, and nothing is decided yet.

Whoever tries the demo sees the board, the cut line and the meeting at once: places that are firm and some
that are not, reviews that differ much, equal totals, a seat that is kept, and a departure that waits for the
second person. All applicants, scores and reasons are invented.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator, Manager
from app.calls.inputs import MemberInput, RoundInput
from app.calls.panel import add_member
from app.calls.texts import ShortTexts
from app.decisions.agenda import FullCase, Ground, agenda
from app.decisions.closing import close_reviewing
from app.decisions.holes import excuse_holes, holes
from app.decisions.meeting import CaseInput, MeetingInput, save_case, save_meeting
from app.decisions.seats import SeatInput, mark_seat
from app.demo.applicants import receive
from app.demo.calls import AWARD_MINOR, STAND_BY, open_at, pot_code, rule, set_up_call
from app.demo.clearing import clear_all
from app.demo.corpus import Proposal
from app.demo.corpus.people import Registry
from app.demo.facts import at, numbered
from app.demo.scores import invented_review, reasoned
from app.demo.screening import screen_all
from app.demo.short import (
    DOUBT,
    STRICTNESS,
    WEIGHTS,
    acting,
    ask_little,
    assigned,
    seat_reviewers,
    short_proposal,
)
from app.demo.ties import decide_ties
from app.models.applications import Application
from app.models.decisions import RankingEntry
from app.models.meeting import Outcome
from app.models.panel import PanelMember, PanelRole
from app.models.people import Person
from app.models.reviews import Assignment, Tie
from app.reviews.actions import answer_tie, save_review, send_review
from app.reviews.assignment import distribute_evenly
from app.reviews.conflicts import pin_tie
from app.reviews.inputs import ReviewInput, TieInput
from app.reviews.opening import open_reviewing
from app.reviews.tie_inputs import TiePinInput

PLACES = 6
OF_EACH = 2
"""Reviewers of each organisation."""
EQUALS = (1, 10)
"""Two ideas, by their places in the file, that get the same scores from each organisation."""
APART, STRICTER, MILDER = 15, 1.8, -1.8
"""The idea of which two reviews differ much, and how far its first two reviewers are from the others."""
MISSING = 21
"""The idea of which one review never came."""
SEATED = (11, 15)
"""Positions in the order of those who belong to the group for which a seat is kept."""


@cache
def yards() -> dict[str, Any]:
    """Everything that is said in this call."""
    loaded: dict[str, Any] = json.loads(
        (Path(__file__).parent / "data" / "yards.json").read_text(encoding="utf-8")
    )
    return loaded


def ideas(registry: Registry) -> list[Proposal]:
    """The short applications of the call, each by somebody of its own."""
    return [
        short_proposal(f"yard-{number}", number, idea, registry)
        for number, idea in enumerate(yards()["ideas"], 1)
    ]


def panel_call(
    session: Session, manager: Manager, today: date, registry: Registry, chance: Random
) -> Coordinator:
    """24 applications, 8 reviewers, 96 assignments of which 95 reviews were sent; the panel has begun."""
    opens, closes = at(today - timedelta(days=110)), at(today - timedelta(days=70), 18)
    coordinator = _set_up(session, manager, today, opens, closes)
    second = _seat_panel(session, coordinator, opens)
    written = ideas(registry)
    slug = f"yards-{today.year}"
    received = receive(session, None, slug, written, opens, closes, chance)
    began = at(today - timedelta(days=66))
    screen_all(session, coordinator, began - timedelta(hours=4))
    clear_all(session, coordinator, began - timedelta(hours=2))
    open_reviewing(session, coordinator, began)
    decide_ties(session, coordinator, began + timedelta(minutes=30))
    distribute_evenly(session, coordinator, began + timedelta(hours=1))
    _score(session, coordinator, received, written, began, at(today - timedelta(days=9)), chance)
    closed = at(today - timedelta(days=8), 11)
    close_reviewing(session, coordinator, closed)
    cells = {(each.application, each.organisation): yards()["hole"] for each in holes(session, coordinator)}
    excuse_holes(session, coordinator, cells, closed + timedelta(hours=1))
    _keep_the_seat(session, coordinator, at(today - timedelta(days=2)))
    _meet(session, coordinator, second, today)
    return coordinator


def _set_up(
    session: Session, manager: Manager, today: date, opens: datetime, closes: datetime
) -> Coordinator:
    said, before = yards(), opens - timedelta(days=2)
    held_at = at(today + timedelta(days=12), 15)
    pot = RoundInput(
        name=ShortTexts(**said["round"]),
        held_at=held_at,
        amount_minor=AWARD_MINOR,
        envelope_minor=AWARD_MINOR * PLACES,
        reserve_places=STAND_BY,
        reserve_until=held_at + timedelta(days=60),
        **rule(PLACES),
    )
    coordinator = set_up_call(
        session,
        manager,
        slug=f"yards-{today.year}",
        prefix=f"WY{today:%y}",
        title=numbered(said["title"], str(today.year)),
        purpose=said["purpose"],
        opens_at=opens,
        closes_at=closes,
        rounds=[pot],
        now=before,
    )
    ask_little(session, coordinator, before)
    open_at(session, coordinator, opens - timedelta(days=1))
    return coordinator


def _seat_panel(session: Session, coordinator: Coordinator, now: datetime) -> str:
    """Two reviewers of each organisation, and the second coordinator, whose code this gives."""
    seat_reviewers(session, coordinator, OF_EACH, now)
    given = MemberInput(**yards()["second"], role=PanelRole.COORDINATOR)
    return add_member(session, coordinator, given, now)


def _score(
    session: Session,
    coordinator: Coordinator,
    received: Mapping[str, Proposal],
    written: Sequence[Proposal],
    begin: datetime,
    end: datetime,
    chance: Random,
) -> None:
    """Every review but one is sent; two applications get equal scores, and one very different ones."""
    rows = assigned(session, coordinator)
    number = {ref: written.index(proposal) for ref, proposal in received.items()}
    emails = dict(session.exec(select(Person.id, Person.email)).all())
    span = (end - begin).total_seconds()
    before = dict.fromkeys(received, 0)
    first: dict[int | None, ReviewInput] = {}
    # The first of the equals comes first, so that the other can have its scores.
    for ref, code, member in sorted(rows, key=lambda row: number[row[0]] != EQUALS[0]):
        idea, position = number[ref], before[ref]
        before[ref] += 1
        own = (STRICTER, MILDER)[position] if idea == APART and position < OF_EACH else 0.0
        # The same on every day: who is strict, and how each application fares.
        strict = Random(f"strictness {emails[member.person_id]}").gauss(0, STRICTNESS)
        own_chance = Random(f"{received[ref].key} {member.organisation_id}")
        given = invented_review(received[ref], strict + own, own_chance, position, list(WEIGHTS), DOUBT)
        if idea == EQUALS[0]:
            first[member.organisation_id] = given
        elif idea == EQUALS[1]:
            given.scores = {
                criterion: reasoned(received[ref], criterion, cell.score or 1, position)
                for criterion, cell in first[member.organisation_id].scores.items()
            }
        reviewer = acting(member)
        now = begin + timedelta(hours=2, seconds=span * chance.random() * 0.9)
        if idea == MISSING and position == 0:
            continue
        answer_tie(session, reviewer, code, TieInput(tie=Tie.NONE), now)
        saved = save_review(session, reviewer, code, given, 0, now + timedelta(minutes=9))
        send_review(session, reviewer, code, saved.version, now + timedelta(minutes=12))


def _keep_the_seat(session: Session, coordinator: Coordinator, now: datetime) -> None:
    """Two teams were at the workshop; the first of them stands below the line."""
    codes = session.exec(
        select(Application.code)
        .join(RankingEntry, col(RankingEntry.application_id) == Application.id)
        .where(RankingEntry.call_id == coordinator.call_id, col(RankingEntry.place).in_(SEATED))
        .order_by(col(RankingEntry.place))
    ).all()
    pot = pot_code(session, coordinator)
    for code, reason in zip(codes, yards()["seats"], strict=True):
        mark_seat(session, coordinator, pot, code, SeatInput(belongs=True, reason=reason), now)


def _meet(session: Session, coordinator: Coordinator, second: str, today: date) -> None:
    """The meeting has begun: one case as ranked, one passed over in writing, one that somebody leaves for."""
    said, begun = yards(), at(today, 10)
    zone = [each for each in agenda(session, coordinator).cases if Ground.UNCERTAIN in each.grounds]
    zone.sort(key=lambda each: each.place)
    members = session.exec(
        select(PanelMember).where(PanelMember.call_id == coordinator.call_id).order_by(col(PanelMember.id))
    ).all()
    own = next(each.code for each in members if each.person_id == coordinator.person_id)
    _somebody_leaves(session, coordinator, zone[-1], members, begun - timedelta(minutes=20))
    present = [own, second, *[each.code for each in members if each.role is PanelRole.REVIEWER][::OF_EACH]]
    meeting = MeetingInput(held_on=today, present=present, notes=said["notes"])
    save_meeting(session, coordinator, 0, meeting, begun)
    over = next(each for each in reversed(zone) if each.place <= PLACES)
    left = CaseInput(outcome=Outcome.PASS_OVER, **said["passed_over"])
    save_case(session, coordinator, over.application, 0, left, begun + timedelta(minutes=25))
    stays = next(each for each in zone if each.place > PLACES)
    ranked = CaseInput(outcome=Outcome.AS_RANKED, minutes=said["as_ranked"])
    save_case(session, coordinator, stays.application, 0, ranked, begun + timedelta(minutes=40))


def _somebody_leaves(
    session: Session,
    coordinator: Coordinator,
    case: FullCase,
    members: Sequence[PanelMember],
    now: datetime,
) -> None:
    """A reviewer who has not read this application says that there is a tie with it."""
    read = set(
        session.exec(
            select(Assignment.member_id)
            .join(Application, col(Application.id) == Assignment.application_id)
            .where(Assignment.call_id == coordinator.call_id, Application.code == case.application)
        )
    )
    away = next(each for each in members if each.role is PanelRole.REVIEWER and each.id not in read)
    given = TiePinInput(application=case.application, member=away.code, reason=yards()["tie"])
    pin_tie(session, coordinator, given, now)
