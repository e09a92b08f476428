"""What the desk counts is kept, and is nevertheless never older than the database."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, delete, update
from sqlmodel import Session, col, select

from app.applications.screened import count_checking, desk_waiting
from app.database import session_on
from app.jobs.worker import count
from app.models.applications import Application, Screened, Status
from app.models.calls import Phase
from app.models.corrections import Correction
from app.models.panel import PanelMember
from app.models.people import Redaction, Screening
from app.models.redaction import ClearedPacket
from app.models.reviews import Assignment, Review, ReviewScore, ReviewState, ReviewVersion, Tie
from app.models.tallies import CallTally, TallyKind, TallyMark
from app.reviews.progress import desk_look, desk_progress, look_of
from app.wall import Wall, put_up
from tests.bench.pages.queries import statements
from tests.factories import (
    REVIEWING,
    count_of,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import World, key

NAMES = ("rita", "rolf", "anna", "karl")
MOVES = 90


def by_hand(session: Session, world: World, now: datetime, hidden: int = 0) -> dict[str, Any]:
    """Every number of the desk, from the rows alone, one by one."""
    applications = {
        each.id: each
        for each in session.exec(select(Application))
        if each.counts_number is not None
        and each.status not in {Status.WITHDRAWN, Status.REFUSED}
        and each.id != hidden
    }
    reviews = {each.assignment_id: each for each in session.exec(select(Review))}
    rows = [
        each
        for each in session.exec(select(Assignment))
        if each.withdrawn_at is None and each.application_id != hidden
    ]
    codes = {row.id: code for code, row in world.organisations.items()}
    people, covered, spread = {}, {code: set[int]() for code in world.organisations}, dict[int, set[int]]()
    for member in session.exec(select(PanelMember).where(col(PanelMember.organisation_id).is_not(None))):
        own = [each for each in rows if each.member_id == member.id]
        valid = [each for each in own if each.tie is not Tie.TIE and each.application_id in applications]
        written = [(each, reviews.get(key(each))) for each in valid]
        sent = [review for _, review in written if review and review.state is ReviewState.SENT]
        left = member.removed_at is not None
        people[member.code] = (
            len(sent) if left else len(valid),
            0 if left else sum(bool(review and review.state is ReviewState.DRAFT) for _, review in written),
            len(sent),
            sum(each.returned_at is not None for each in sent),
            sum(each.sent_at is not None and each.sent_at > now - timedelta(days=7) for each in sent),
            sum(each.tie is Tie.TIE for each in own),
        )
        for each, review in written:
            if not left or (review and review.state is ReviewState.SENT):
                covered[codes[each.organisation_id]].add(each.application_id)
                spread.setdefault(each.application_id, set()).add(each.organisation_id)
    wanted = world.call.reviews_per_application
    return {
        "people": {code: numbers for code, numbers in people.items() if numbers[0] or _here(session, code)},
        "applications": len(applications),
        "covered": {code: len(found) for code, found in covered.items()},
        "holes": sum(len(applications) - len(found) for found in covered.values())
        if wanted is None
        else wanted * len(applications) - sum(min(wanted, len(found)) for found in spread.values()),
    }


def _here(session: Session, code: str) -> bool:
    return session.exec(select(PanelMember.removed_at).where(PanelMember.code == code)).one() is None


def on_the_desk(session: Session, world: World, now: datetime) -> dict[str, Any]:
    found = desk_progress(session, world.coordinator(), now)
    return {
        "people": {
            each.code: (each.assigned, each.begun, each.sent, each.returned, each.recent, each.ties)
            for each in found.reviewers
        },
        "applications": found.applications,
        "covered": {each.code: each.covered for each in found.organisations},
        "holes": found.holes,
    }


class Moves:
    """What anybody could do to the rows, without the actions that do it."""

    def __init__(self, session: Session, world: World, dice: Random, now: datetime) -> None:
        self.session, self.world, self.dice, self.now = session, world, dice, now
        self.application = dice.choice(session.exec(select(Application)).all())
        self.assignment = dice.choice(session.exec(select(Assignment)).all())
        self.review = session.get(Review, key(self.assignment))

    def make(self) -> None:
        """One of them."""
        moves = [self.assign, self.assign, self.tie, self.withdraw, self.write, self.write, self.write]
        moves += [self.leave_call, self.leave_panel, self.remove, self.remove]
        moves += 2 * [self.screen, self.clear, self.ask, self.forget]
        self.dice.choice(moves)()
        self.session.flush()

    def assign(self) -> None:
        name = self.dice.choice(NAMES)
        there = select(Assignment).where(Assignment.member_id == self.world.members[name].id)
        if self.session.exec(there.where(_of(Assignment, self.application))).first() is None:
            make_assignment(self.session, self.world, self.application, name, tie=None)

    def tie(self) -> None:
        self.assignment.tie = self.dice.choice([None, *Tie])

    def remove(self) -> None:
        """A review, or an assignment without one."""
        if self.review is None:
            self.session.delete(self.assignment)
            return
        for table in (ReviewScore, ReviewVersion):
            of_it = col(table.assignment_id) == key(self.assignment)
            for each in self.session.exec(select(table).where(of_it)):
                self.session.delete(each)
        self.session.flush()
        self.session.delete(self.review)

    def withdraw(self) -> None:
        self.assignment.withdrawn_at = None if self.assignment.withdrawn_at else self.now

    def write(self) -> None:
        state = self.dice.choice(list(ReviewState))
        at = self.now - timedelta(days=self.dice.randrange(9))
        if self.review is None:
            make_review(self.session, self.world, self.assignment, {}, state=state, at=at)
            return
        self.review.state, self.review.sent_at = state, at if state is ReviewState.SENT else None
        self.review.returned_at = self.dice.choice([None, self.now])
        self.session.add(self.review)

    def leave_call(self) -> None:
        self.application.status = self.dice.choice([Status.IN_REVIEW, Status.WITHDRAWN, Status.REFUSED])

    def leave_panel(self) -> None:
        member = self.session.get_one(PanelMember, self.assignment.member_id)
        member.removed_at = None if member.removed_at else self.now
        self.session.add(member)

    def screen(self) -> None:
        act, number = self.dice.choice(list(Screened)), 1
        number += count_of(self.session, Screening, _of(Screening, self.application))
        self.session.add(
            Screening(
                application_id=key(self.application),
                number=number,
                act=act,
                sending_number=1,
                checks={},
                by=key(self.world.people["cora"]),
                at=self.now,
            )
        )

    def clear(self) -> None:
        for cleared in self.session.exec(select(ClearedPacket).where(_of(ClearedPacket, self.application))):
            cleared.number = 3 - cleared.number
            self.session.add(cleared)

    def forget(self) -> None:
        """One thing that was found or asked of the application is not there any more."""
        for table in (Screening, Correction, ClearedPacket):
            found = self.session.exec(select(table).where(_of(table, self.application))).all()
            if found and self.dice.randrange(2):
                self.session.delete(found[-1])

    def ask(self) -> None:
        asked = self.session.exec(select(Correction).where(_of(Correction, self.application))).first()
        if asked is None:
            asked = _asked(self.world, self.application, self.now)
        else:
            asked.closed_at = None if asked.closed_at else self.now
        self.session.add(asked)


def _of(table: Any, application: Application) -> Any:
    return col(table.application_id) == key(application)


def _asked(world: World, application: Application, now: datetime) -> Correction:
    return Correction(
        application_id=key(application),
        question="Which?",
        fields=["brief.title"],
        asked_number=1,
        asked_at=now,
        asked_by=key(world.people["cora"]),
        due_at=now + timedelta(days=2),
    )


@pytest.fixture
def given(engine: Engine, world: World) -> list[int]:
    """Three applications, each given to two; the keys of the first one's assignments."""
    with session_on(engine) as session, session.begin():
        applications = [make_sent_application(session, world, title=f"Yard {row}") for row in range(3)]
        open_reviewing_rows(session, world)
        rows = [
            make_assignment(session, world, application, name)
            for application in applications
            for name in ("rita", "rolf")
        ]
        return [key(each) for each in rows]


def test_whatever_is_done_the_desk_has_what_is_there(engine: Engine, world: World, given: list[int]) -> None:
    """Kept now and then, as the job worker does; time passes too, which makes what was recent old."""
    dice, now = Random(20261127), REVIEWING + timedelta(days=9)
    for number in range(MOVES):
        now += timedelta(hours=dice.randrange(30))
        with session_on(engine) as session, session.begin():
            Moves(session, world, dice, now).make()
            if number == MOVES // 2:
                world.call = session.merge(world.call)
                world.call.reviews_per_application = 2
        if dice.randrange(2) == 0:
            count(engine, now)
        later = now + timedelta(hours=dice.randrange(60))
        with session_on(engine, reading=True) as session, session.begin():
            cora = world.coordinator()
            assert on_the_desk(session, world, later) == by_hand(session, world, later), number
            progress = desk_progress(session, cora, later)
            assert _numbers(desk_look(session, cora, later, most=2)) == _numbers(
                look_of(progress, later, most=2)
            )
            waiting = desk_waiting(session, cora, Phase.REVIEWING)
            counted = count_checking(session, cora.call_id)
            assert (waiting.to_check, waiting.proposed, waiting.uncleared) == counted, number


def _numbers(look: Any) -> Any:
    standing = look.standing.model_dump(exclude={"reviewers", "ties", "more_ties"})
    standing["tied"] = len(look.standing.ties) + look.standing.more_ties
    return standing, look.idle, look.returned, look.empty, look.behind, look.late


def test_what_is_kept_is_not_counted_again(engine: Engine, world: World, given: list[int]) -> None:
    def look() -> list[str]:
        with session_on(engine, reading=True) as session, session.begin(), statements(engine) as asked:
            desk_look(session, world.coordinator(), REVIEWING, most=8)
            desk_waiting(session, world.coordinator(), Phase.REVIEWING)
        counting = "SELECT assignment.member_id, count(", "JOIN screening"
        return [each for each in asked if any(words in each for words in counting)]

    assert len(look()) == 2
    assert count(engine, REVIEWING) == 1
    assert look() == [] and count(engine, REVIEWING) == 0
    with session_on(engine) as session, session.begin():
        assignment = session.get_one(Assignment, given[0])
        make_review(session, world, assignment)
        assert count_of(session, TallyMark) == 1
        session.exec(select(Review)).one().convinced = "A save that sends nothing marks nothing."
        session.flush()
        assert count_of(session, TallyMark) == 1
    assert len(look()) == 1


def test_a_unit_that_ends_after_the_counting_is_counted(
    engine: Engine, world: World, given: list[int]
) -> None:
    """On PostgreSQL two units write at once and the counting, between them, sees neither.

    SQLite has one writer at a time: there the second begins when the first has ended.
    """
    at_once = engine.dialect.name != "sqlite"
    first, second = session_on(engine), session_on(engine)
    with first, second:
        first.begin()
        make_review(first, world, first.get_one(Assignment, given[0]))
        if not at_once:
            first.commit()
            count(engine, REVIEWING)
        second.begin()
        application_id = second.get_one(Assignment, given[0]).application_id
        application = second.get_one(Application, application_id)
        application.status = Status.WITHDRAWN
        second.add(application)
        second.flush()
        count(engine, REVIEWING)
        if at_once:
            first.commit()
            count(engine, REVIEWING)
        second.commit()
        for _ in range(2):
            with session_on(engine, reading=True) as session, session.begin():
                assert on_the_desk(session, world, REVIEWING) == by_hand(session, world, REVIEWING)
            count(engine, REVIEWING)


def test_who_has_a_tie_gets_no_number_with_the_hidden_one_in_it(
    engine: Engine, world: World, given: list[int]
) -> None:
    """Though what is kept has it in it."""
    with session_on(engine) as session, session.begin():
        assignment = session.get_one(Assignment, given[0])
        make_review(session, world, assignment)
        hidden = assignment.application_id
    count(engine, REVIEWING)
    with session_on(engine, reading=True) as session, session.begin():
        expected = by_hand(session, world, REVIEWING, hidden)
        assert expected != by_hand(session, world, REVIEWING)
        assert session.exec(select(CallTally)).one().covered == {"BC": 3, "AKIM": 3}
        put_up(session, Wall(frozenset({hidden}), frozenset()))
        assert on_the_desk(session, world, REVIEWING) == expected
        look = desk_look(session, world.coordinator(), REVIEWING, most=8)
        assert (look.standing.assigned, look.standing.sent) == (4, 0)
        assert desk_waiting(session, world.coordinator(), Phase.REVIEWING).to_check == 2


def test_each_change_that_a_count_rests_on_leaves_its_mark(
    engine: Engine, world: World, given: list[int]
) -> None:
    """Each in a unit of its own: among random moves another one's mark hides that one is missing."""
    cora, at = key(world.people["cora"]), REVIEWING
    with session_on(engine, reading=True) as session:
        application = session.exec(select(Application)).all()[0]
        packet = session.get_one(ClearedPacket, key(application)).model_dump()
    of_it: dict[str, Any] = {"application_id": key(application)}
    proposed: dict[str, Any] = {
        "number": 9,
        "act": Screened.PROPOSED,
        "sending_number": 1,
        "checks": {},
        "by": cora,
        "at": at,
    }
    decided: dict[str, Any] = {"texts": {}, "files": {}, "decided_at": at, "decided_by": cora}

    def left(act: Callable[[Session], object]) -> set[TallyKind]:
        count(engine, at)
        with session_on(engine) as session, session.begin():
            act(session)
            session.flush()
            return set(session.exec(select(col(TallyMark.kind))))

    def comes(row: Any) -> set[TallyKind]:
        return left(lambda session: session.add(row))

    def changes(table: Any, where: Any, **values: Any) -> set[TallyKind]:
        return left(lambda session: session.execute(update(table).where(where).values(**values)))

    def goes(table: Any, where: Any) -> set[TallyKind]:
        return left(lambda session: session.execute(delete(table).where(where)))

    checked = {TallyKind.CHECKING}
    for table, row, other in (
        (Screening, Screening(**of_it, **proposed), {"act": Screened.PASSED}),
        (Correction, _asked(world, application, at), {"closed_at": at}),
        (Redaction, Redaction(**of_it, **decided), {"version": 7}),
    ):
        here = _of(table, application)
        assert (comes(row), changes(table, here, **other), goes(table, here)) == (checked,) * 3, table
    here = _of(ClearedPacket, application)
    assert changes(ClearedPacket, here, number=7) == checked
    assert goes(ClearedPacket, here) == checked
    assert comes(ClearedPacket(**packet)) == checked

    where, assignment = col(Assignment.id) == given[0], {TallyKind.REVIEWER, TallyKind.COVERAGE}
    review = Review(assignment_id=given[0], state=ReviewState.DRAFT, updated_at=at)
    mine = col(Review.assignment_id) == given[0]
    assert comes(review) == {TallyKind.REVIEWER}
    assert changes(Review, mine, state=ReviewState.SENT, sent_at=at) == {TallyKind.REVIEWER}
    assert goes(Review, mine) == {TallyKind.REVIEWER}
    assert changes(Assignment, where, tie=Tie.TIE) == assignment
    assert changes(Assignment, where, withdrawn_at=at) == assignment
    assert goes(Assignment, where) == assignment
    assert left(lambda session: _given(session, world, application)) == assignment
    about = col(Application.id) == key(application)
    assert changes(Application, about, status=Status.WITHDRAWN) == {TallyKind.APPLICATION}
    new: dict[str, Any] = {"id": None, "ref": "another", "code": "WA17-ANOTHER"}
    draft = application.model_dump() | new | {"counts_number": None, "status": Status.DRAFT}
    counting = application.model_dump() | new | {"ref": "third", "code": "WA17-THIRD"}
    assert comes(Application(**draft)) == set(), "a draft counts nowhere yet"
    assert comes(Application(**counting)) == {TallyKind.APPLICATION}
    assert goes(Application, col(Application.ref) == "third") == {TallyKind.APPLICATION}
    member = col(PanelMember.id) == key(world.members["rita"])
    assert changes(PanelMember, member, removed_at=at) == {TallyKind.COVERAGE}


def _given(session: Session, world: World, application: Application) -> None:
    make_assignment(session, world, application, "karl", tie=None)
