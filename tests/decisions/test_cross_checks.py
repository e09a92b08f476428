"""`baige recompute` finds what a file claims beside its scores, though its digest was computed anew."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, select

from app.decisions.awards import draw_line
from app.decisions.canonical import digest_of
from app.decisions.closing import close_reviewing
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.decisions.meeting import CaseInput, MeetingInput, save_case, save_meeting
from app.decisions.protocol import read_protocol
from app.decisions.seats import SeatInput, mark_seat
from app.models.meeting import Outcome
from app.models.reviews import Review, ReviewState
from tests.decisions.scored import REASON, pot_now, ranked_call, scored_call
from tests.decisions.test_recompute import differences
from tests.factories import KNOWN, REVIEWING
from tests.world import World

LATER = REVIEWING + timedelta(days=1)
Document = dict[str, Any]


def frozen(session: Session, world: World) -> Document:
    """A kept seat with a mark, a panel that passed the second over, a hole that was excused, and a tie."""
    pot = pot_now(session, world.round.code)
    pot.reserved_places, pot.reserved_for = 1, {"en": "The workshop"}
    session.add(pot)
    session.flush()
    codes = ranked_call(session, world, 9)
    cora = world.coordinator()
    given = SeatInput(belongs=True, reason="It was at the workshop of March.")
    mark_seat(session, cora, world.round.code, codes[8], given, LATER)
    draw_line(session, cora, world.round.code, LATER)
    save_meeting(session, cora, 0, MeetingInput(held_on=date(2026, 4, 2)), LATER)
    passed = CaseInput(outcome=Outcome.PASS_OVER, reason=REASON)
    save_case(session, cora, codes[1], 0, passed, LATER)
    save_case(session, cora, codes[0], 0, CaseInput(minutes="All agree.", outcome=Outcome.AS_RANKED), LATER)
    draw_line(session, cora, world.round.code, LATER)
    session.flush()
    decide(session, cora, decision_version(session, call_of(session, cora)), LATER, KNOWN)
    document: Document = json.loads(read_protocol(session, cora))
    return document


def case_of(document: Document, outcome: str) -> Document:
    found: Document = next(each for each in document["panel"]["cases"] if each["outcome"] == outcome)
    return found


def a_panel_that_passed_a_winner_over(document: Document) -> None:
    case_of(document, "as_ranked")["outcome"] = "pass_over"


def a_panel_that_let_the_order_stand_where_it_departs(document: Document) -> None:
    case_of(document, "pass_over")["grounds"].remove("departs")


def a_false_seat_mark(document: Document) -> None:
    document["rounds"][0]["marks"][0]["belongs"] = False


def a_hole_where_everybody_scored(document: Document) -> None:
    row = document["input"]["reviews"][0]
    document["missing"].append({"application": row[0], "organisation": row[2], "reason": "She was ill."})


def an_end_of_an_interval(document: Document) -> None:
    document["computed"]["calibration"]["applications"][4]["outer"][0] += 1


def a_tie_of_who_scored(document: Document) -> None:
    application, reviewer, *_ = document["input"]["reviews"][3]
    tie = {
        "application": application,
        "member": reviewer,
        "ground": "pinned",
        "at": "2026-03-01T09:00:00+00:00",
    }
    document["ties"].append(tie)


def somebody_outside_without_a_tie(document: Document) -> None:
    case_of(document, "as_ranked")["away"] = ["7KX3"]


def a_third_fingerprint(document: Document) -> None:
    document["decision_sha256"] = "0" * 64


def an_amount_that_was_decided(document: Document) -> None:
    document["decision"]["awards"][0][2] -= 1


def a_reason_that_was_decided(document: Document) -> None:
    document["rounds"][0]["departures"][0]["reason"] += " And it is late."


CHANGES: dict[Callable[[Document], None], str] = {
    a_panel_that_passed_a_winner_over: "what the panel decided: the file says passed_over, recomputed is",
    a_panel_that_let_the_order_stand_where_it_departs: "on the agenda since it departs: the file says False",
    a_false_seat_mark: "marked as one of the group: the file says False, recomputed is True",
    a_hole_where_everybody_scored: "is among the scores",
    an_end_of_an_interval: "outer interval: the file says [",
    a_tie_of_who_scored: "in spite of a tie",
    somebody_outside_without_a_tie: "7KX3 left the room for",
    a_third_fingerprint: "decision_sha256: the file says 0000",
    an_amount_that_was_decided: "was decided, and is not in the rest of the file",
    a_reason_that_was_decided: "And it is late.') is not what was decided",
}


def test_what_contradicts_the_awards_the_scores_or_what_was_decided_is_found(
    session: Session, world: World
) -> None:
    document = frozen(session, world)
    assert differences(document) == {}
    for change, words in CHANGES.items():
        changed = deepcopy(document)
        change(changed)
        changed["digest"] = digest_of(changed)
        found = differences(changed)
        assert "Digest of the whole file" not in found
        said = [each for own in found.values() for each in own]
        assert any(words in each for each in said), (change.__name__, said)


def test_a_missing_review_cannot_be_moved_to_an_application_that_has_its_reviews(
    session: Session, world: World
) -> None:
    codes = scored_call(session, world, 7)
    review = session.exec(select(Review).limit(1)).one()
    review.state = ReviewState.DRAFT
    session.add(review)
    session.flush()
    cora = world.coordinator()
    close_reviewing(session, cora, REVIEWING)
    draft = json.loads(read_protocol(session, cora))
    assert differences(draft) == {}
    (hole,) = draft["missing"]
    hole["application"] = next(each for each in codes if each != hole["application"])
    said = [each for own in differences(draft).values() for each in own]
    assert any("is among the scores" in each for each in said)
    assert any("is neither scored nor listed" in each for each in said)
