"""Closing reviewing: what the order says, and that it is stored and not computed again."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from app.decisions.awards import AwardInput, award_application
from app.decisions.closing import close_reviewing, reopen_reviewing
from app.decisions.departures import DepartureInput, explain_departure
from app.decisions.export import ranking_csv
from app.decisions.holes import Hole, count_holes, excuse_holes, holes
from app.decisions.ranking import ranking
from app.decisions.refusals import AwardsExist, ReviewingNotClosed, ReviewingNotOpen
from app.models.applications import Application, Status
from app.models.audit import AuditEntry
from app.models.calls import Call
from app.models.decisions import Departure, MissingReview, RankingEntry
from app.models.outbox import Mail
from app.models.panel import CallOrganisation, PanelMember, PanelRole
from app.models.reviews import Review, ReviewScore, ReviewState, Tie
from app.random_codes import random_code
from tests.decisions.scored import REASON, ranked_call, scored_call, stored_order
from tests.factories import (
    REVIEWING,
    Scores,
    count_of,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.world import OPENS, World

TINY = Decimal("0.0001")
LATER = REVIEWING + timedelta(days=1)


def sheet(need: int, work_plan: int, budget: int | None, sustainability: int) -> Scores:
    return {"need": need, "work_plan": work_plan, "budget": budget, "sustainability": sustainability}


def two_organisations(session: Session, world: World) -> None:
    """Only the British Council and the city score; Zoe is a second reviewer of the Council."""
    for code in ("ADC", "KBTU"):
        row = session.get(CallOrganisation, (world.call.id, world.organisations[code].id))
        session.delete(row)
    world.members["zoe"] = PanelMember(
        call_id=world.call.id or 0,
        person_id=world.people["zoe"].id or 0,
        organisation_id=world.organisations["BC"].id,
        role=PanelRole.REVIEWER,
        code=random_code(),
        joined_at=OPENS,
    )
    session.add(world.members["zoe"])
    session.flush()


@pytest.fixture
def example(session: Session, world: World) -> dict[str, str]:
    """The example that is computed by hand below: letter -> code."""
    two_organisations(session, world)
    letters = {letter: make_sent_application(session, world, title=f"Idea {letter}") for letter in "ABCDFW"}
    open_reviewing_rows(session, world)
    letters["W"].status = Status.WITHDRAWN
    letters["W"].counts_number = None
    session.add(letters["W"])

    def review(letter: str, name: str, scores: Scores, state: ReviewState = ReviewState.SENT) -> None:
        tie = Tie.TIE if (letter, name) == ("F", "rita") else Tie.NONE
        assignment = make_assignment(session, world, letters[letter], name, tie=tie)
        make_review(session, world, assignment, scores, state=state)

    # A: the city cannot judge the budget, so that cell alone is the Council's.
    review("A", "rita", sheet(5, 4, 3, 2))
    review("A", "rolf", sheet(3, 4, None, 4))
    # B: the Council's two reviewers count once together.
    review("B", "rita", sheet(4, 4, 4, 4))
    review("B", "zoe", sheet(2, 2, 2, 2))
    review("B", "rolf", sheet(5, 5, 5, 5))
    # C: the city is missing.
    review("C", "rita", sheet(5, 5, 5, 5))
    # D: nobody judged the budget, and the city's review was never sent: no total.
    review("D", "rita", sheet(3, 3, None, 3))
    review("D", "rolf", sheet(5, 5, 5, 5), ReviewState.DRAFT)
    # F: a tie voids the Council's review.
    review("F", "rita", sheet(5, 5, 5, 5))
    review("F", "rolf", sheet(2, 2, 2, 2))
    review("W", "rita", sheet(5, 5, 5, 5))
    close_reviewing(session, world.coordinator(), REVIEWING)
    return {letter: application.code for letter, application in letters.items()}


def test_totals_are_exact_and_computed_as_by_hand(
    session: Session, world: World, example: dict[str, str]
) -> None:
    assert stored_order(session) == [
        (example["C"], "100"),
        (example["B"], "75"),  # means (3 + 5) / 2 = 4 -> 3/4 of the scale
        (example["A"], "125/2"),  # 4, 4, 3, 3 -> 25 * (3/4 + 3/4 + 2/4 + 2/4)
        (example["F"], "25"),
        (example["D"], None),
    ]
    board = ranking(session, world.coordinator())
    rows = {row.code: row for row in board.rows}
    assert [row.label for row in board.rows] == ["1", "2", "3", "4", ""]
    assert (board.count, board.scored, board.organisations) == (5, 4, 2)
    a = rows[example["A"]]
    assert a.means == {"need": "4.0", "work_plan": "4.0", "budget": "3.0", "sustainability": "3.0"}
    assert (a.total, a.spread, a.reviews, a.coverage) == ("62.5", "", 2, 2)
    b = rows[example["B"]]
    assert (b.total, b.spread, b.reviews, b.coverage) == ("75.0", "75.0", 3, 2)
    assert (rows[example["C"]].coverage, rows[example["D"]].total) == (1, "")


def test_the_table_can_be_computed_again_from_its_own_columns(
    session: Session, world: World, example: dict[str, str]
) -> None:
    """Also where a mean has no end: three reviewers of one organisation."""
    reopen_reviewing(session, world.coordinator(), "Max comes late", REVIEWING)
    world.members["max"] = PanelMember(
        call_id=world.call.id or 0, person_id=world.people["max"].id or 0, role=PanelRole.REVIEWER,
        organisation_id=world.organisations["BC"].id, code=random_code(), joined_at=OPENS,
    )  # fmt: skip
    session.add(world.members["max"])
    session.flush()
    late = session.exec(select(Application).where(Application.code == example["B"])).one()
    make_review(session, world, make_assignment(session, world, late, "max"), sheet(5, 2, 4, 4))
    close_reviewing(session, world.coordinator(), REVIEWING)
    session.flush()
    rows = list(csv.DictReader(io.StringIO(ranking_csv(session, world.coordinator()).removeprefix("\ufeff"))))
    exact = dict(stored_order(session))
    assert len(rows) == 5
    for row in rows:
        for code in world.criteria:
            given = [Decimal(row[f"{each}.{code}"]) for each in ("BC", "AKIM") if row[f"{each}.{code}"]]
            mean = sum(given, Decimal()) / max(1, len(given))
            assert row[code] == "" if not given else abs(Decimal(row[code]) - mean) < TINY
        total = exact[row["application"]]
        if total is None:
            assert row["total"] == ""
            continue
        weighted = [each.weight * (Decimal(row[code]) - 1) / 4 for code, each in world.criteria.items()]
        assert abs(sum(weighted) - Decimal(row["total"])) < TINY
        assert abs(Fraction(row["total"]) - Fraction(total)) < Fraction(TINY)
    b = next(row for row in rows if row["application"] == example["B"])
    assert (b["BC.need"], b["BC.work_plan"], b["need"]) == ("3.666667", "2.666667", "4.333333")


def test_holes_are_what_was_missing_at_closing(
    session: Session, world: World, example: dict[str, str]
) -> None:
    assert holes(session, world.coordinator()) == [
        Hole(application=example["C"], organisation="AKIM", reason=""),
        Hole(application=example["F"], organisation="BC", reason=""),
        Hole(application=example["D"], organisation="AKIM", reason=""),
    ]
    assert count_holes(session, world.coordinator()) == 3


def test_holes_where_k_organisations_are_asked_are_what_was_assigned(session: Session, world: World) -> None:
    first = make_sent_application(session, world, title="First")
    second = make_sent_application(session, world, title="Second")
    world.call.reviews_per_application = 2
    open_reviewing_rows(session, world)
    for application, name in ((first, "rita"), (first, "rolf"), (second, "anna"), (second, "karl")):
        assignment = make_assignment(session, world, application, name)
        if name != "karl":
            make_review(session, world, assignment, sheet(3, 3, 3, 3))
    close_reviewing(session, world.coordinator(), REVIEWING)
    assert [(hole.application, hole.organisation) for hole in holes(session, world.coordinator())] == [
        (second.code, "KBTU")
    ]
    assert ranking(session, world.coordinator()).organisations == 2


def test_no_score_before_closing(session: Session, world: World) -> None:
    scored_call(session, world, 2)
    with pytest.raises(ReviewingNotClosed):
        ranking(session, world.coordinator())
    assert count_of(session, RankingEntry) == 0


def test_closing_twice_is_refused(session: Session, world: World) -> None:
    ranked_call(session, world, 2)
    with pytest.raises(ReviewingNotOpen):
        close_reviewing(session, world.coordinator(), LATER)


def test_order_is_stored_and_never_recomputed(session: Session, world: World) -> None:
    ranked_call(session, world, 3)
    before = ranking(session, world.coordinator())
    session.execute(update(ReviewScore).values(score=1))
    session.execute(update(Review).values(state=ReviewState.DRAFT))
    assert ranking(session, world.coordinator()) == before
    assert count_holes(session, world.coordinator()) == 0


def test_reopening_throws_the_order_away_and_keeps_the_seed(session: Session, world: World) -> None:
    codes = ranked_call(session, world, 3)
    seed = session.exec(select(Call.draw_seed)).one()
    explain_departure(
        session,
        world.coordinator(),
        world.round.code,
        DepartureInput(application=codes[0], reason=REASON),
        LATER,
    )
    reopen_reviewing(session, world.coordinator(), "Karl's reviews were late", LATER)
    session.flush()
    with pytest.raises(ReviewingNotClosed):
        ranking(session, world.coordinator())
    assert count_of(session, RankingEntry) == count_of(session, Departure) == 0
    close_reviewing(session, world.coordinator(), LATER)
    assert session.exec(select(Call.draw_seed)).one() == seed
    assert [code for code, _ in stored_order(session)] == codes
    reason = session.exec(select(AuditEntry.detail).where(AuditEntry.action == "reviewing.reopen")).one()
    assert reason == {"reason": "Karl's reviews were late"}


def test_reopening_is_refused_while_awards_rest_on_the_order(session: Session, world: World) -> None:
    codes = ranked_call(session, world, 3)
    award_application(session, world.coordinator(), world.round.code, AwardInput(application=codes[0]), LATER)
    with pytest.raises(AwardsExist):
        reopen_reviewing(session, world.coordinator(), "Karl's reviews were late", LATER)


def test_an_excuse_survives_reopening_unless_the_review_comes(
    session: Session, world: World, example: dict[str, str]
) -> None:
    cora = world.coordinator()
    cells = [(example["C"], "AKIM"), (example["F"], "BC")]
    excuse_holes(session, cora, dict.fromkeys(cells, "The office was closed"), LATER)
    reopen_reviewing(session, cora, "The city's review came", LATER)
    late = session.exec(select(Application).where(col(Application.code) == example["C"])).one()
    make_review(session, world, make_assignment(session, world, late, "rolf"), sheet(4, 4, 4, 4))
    close_reviewing(session, cora, LATER)
    assert {(hole.application, hole.organisation): hole.reason for hole in holes(session, cora)} == {
        (example["F"], "BC"): "The office was closed",
        (example["D"], "AKIM"): "",
    }
    assert count_of(session, MissingReview) == 2


def test_closing_tells_each_team_once_that_the_scoring_is_over(session: Session, world: World) -> None:
    """Also where reviewing is opened again and closed once more; of the result there is no word in it."""
    scored_call(session, world, 3)
    cora = world.coordinator()
    close_reviewing(session, cora, REVIEWING)
    reopen_reviewing(session, cora, "A review came late, and it counts.", LATER)
    close_reviewing(session, cora, LATER)
    session.flush()
    told = session.exec(select(Mail).where(Mail.template == "application_scored")).all()
    refs = session.exec(select(Application.ref).where(Application.status == Status.IN_REVIEW)).all()
    assert len(refs) == 3
    assert sorted(mail.params["ref"] for mail in told) == sorted(refs)
    assert {mail.person_id for mail in told} == {world.people["ada"].id}
    assert all(mail.params.keys() == {"ref"} for mail in told)
