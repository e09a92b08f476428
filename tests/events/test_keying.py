"""Paper ballots: two people who do not see each other's keying must agree; the phone's ballot counts once."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.errors import Invalid, Stale
from app.events.ballots import own_jury
from app.events.hub import full_event
from app.events.jury import full_jury
from app.events.jury_refusals import PapersDiffer
from app.events.keying import FullPaper, Keyed, PaperInput, PaperState, full_paper, key_paper
from app.events.tally import full_tally
from app.models.audit import AuditEntry
from app.models.jury import PitchBallot, PitchKeying
from app.models.panel import PanelMember, PanelRole
from app.random_codes import random_code
from tests.events.evening import announced
from tests.events.jury import NIGHT, acting, begin, close, compare, done, give, juror_row, seated
from tests.world import World, key

WHOLE = {"need": 4, "work_plan": 3, "budget": 5, "sustainability": 2}
ALONE = "Nobody else could come to key it in again."


def second(session: Session, world: World) -> Coordinator:
    """Zoe coordinates too."""
    session.add(
        PanelMember(
            call_id=key(world.call), person_id=key(world.people["zoe"]), role=PanelRole.COORDINATOR,
            code=random_code(), joined_at=NIGHT,
        )
    )  # fmt: skip
    session.flush()
    return world.coordinator("zoe")


def keyed(session: Session, world: World, who: Coordinator, lines: dict[int, Any], reason: str = "") -> Keyed:
    sheet = {str(slot): line if "tie" in line else {"scores": line} for slot, line in lines.items()}
    juror = juror_row(session, acting(session, world)[0]).code
    paper = PaperInput.model_validate({"pitches": sheet, "reason": reason})
    return key_paper(session, who, world.round.code, juror, paper, NIGHT)


def paper(session: Session, world: World, who: Coordinator) -> FullPaper:
    return full_paper(session, who, world.round.code, juror_row(session, acting(session, world)[0]).code)


def states(session: Session, world: World, who: Coordinator) -> list[PaperState]:
    return [each.state for each in paper(session, world, who).lines]


def evening(session: Session, world: World) -> None:
    announced(session, world, 3)
    seated(session, world, ["BC"])
    begin(session, world, [1, 2, 3])
    compare(session, world)


def test_two_people_key_a_paper_and_must_agree(session: Session, world: World) -> None:
    evening(session, world)
    cora, zoe = world.coordinator(), second(session, world)
    with pytest.raises(Invalid):
        keyed(session, world, cora, {1: {}})
    lines = {1: WHOLE, 2: {"tie": True}, 3: WHOLE}
    assert keyed(session, world, cora, lines) == Keyed(agreed=0, wait=3, differ=0)
    assert states(session, world, cora) == [PaperState.WAITS] * 3
    # Zoe learns nothing of what Cora keyed in, and nothing is a ballot yet.
    seen = paper(session, world, zoe)
    assert [each.state for each in seen.lines] == [PaperState.TO_KEY_AGAIN] * 3
    assert all(each.cells == [] for each in seen.lines) and not seen.alone
    assert session.exec(select(PitchBallot)).all() == []
    with pytest.raises(PapersDiffer):
        _closing(session, world)
    other = {**lines, 3: {**WHOLE, "budget": 1}}
    assert keyed(session, world, zoe, other) == Keyed(agreed=2, wait=0, differ=1)
    for who in (cora, zoe):
        (line,) = [each for each in paper(session, world, who).lines if each.state is PaperState.DIFFERS]
        assert line.cells == ["budget"], "where, and not what the other one typed"
    # What is agreed stays, whatever is keyed in again; the one who was wrong looks at the paper.
    assert keyed(session, world, zoe, {1: {**WHOLE, "need": 1}, 3: WHOLE}).agreed == 1
    own = own_jury(session, acting(session, world)[0], NIGHT)
    assert [(each.scores, each.tie, each.on_paper) for each in own.pitches] == [
        (WHOLE, False, True), ({}, True, True), (WHOLE, False, True)
    ]  # fmt: skip
    tally = full_tally(session, cora, world.round.code, NIGHT)
    assert (tally.waits, tally.jury.jurors[0].done, tally.jury.jurors[0].papers) == (0, 3, 3)


def test_who_scores_on_paper_alone_is_finished_once_two_people_agree_and_all_have_pitched(
    session: Session, world: World
) -> None:
    """Nobody closes ballots that are complete; what waits for the second person, or differs, is counted."""
    announced(session, world, 3)
    seated(session, world, ["BC", "AKIM"])
    begin(session, world, [1, 2])
    cora, zoe = world.coordinator(), second(session, world)
    _, phone = acting(session, world)

    def stands() -> tuple[int, int, int, bool]:
        one, other = full_jury(session, cora, world.round.code, NIGHT).jurors
        assert (other.once, other.differ, other.ended) == (0, 0, False)
        hub = full_event(session, cora, world.round.code, NIGHT)
        assert (hub.papers_once, hub.papers_differ) == (one.once, one.differ)
        return one.done, one.once, one.differ, one.ended

    give(session, phone, 1, 4)
    keyed(session, world, cora, {1: WHOLE, 2: WHOLE})
    assert stands() == (0, 2, 0, False)
    keyed(session, world, zoe, {1: WHOLE, 2: {**WHOLE, "need": 1}})
    assert stands() == (1, 0, 1, False)
    keyed(session, world, zoe, {2: WHOLE})
    assert stands() == (2, 0, 0, False)
    begin(session, world, [3])
    compare(session, world)
    assert stands() == (2, 0, 0, False), "the third is not keyed in yet"
    for who in (cora, zoe):
        keyed(session, world, who, {3: WHOLE})
    assert stands() == (3, 0, 0, True)


def test_a_sheet_that_was_keyed_in_before_the_jury_compares_is_finished_then(
    session: Session, world: World
) -> None:
    announced(session, world, 3)
    seated(session, world, ["BC"])
    begin(session, world, [1, 2, 3])
    for who in (world.coordinator(), second(session, world)):
        keyed(session, world, who, {1: WHOLE, 2: WHOLE, 3: WHOLE})
    (one,) = acting(session, world)
    assert juror_row(session, one).finished_at is None
    compare(session, world)
    assert juror_row(session, one).finished_at == NIGHT
    close(session, world)


def _closing(session: Session, world: World) -> None:
    from app.events.jury import close_juror, open_juror

    code = juror_row(session, acting(session, world)[0]).code
    close_juror(session, world.coordinator(), world.round.code, code, "Scored on paper alone.", NIGHT)
    try:
        close(session, world)
    finally:
        open_juror(session, world.coordinator(), world.round.code, code, "The paper is keyed first.", NIGHT)


def test_one_coordinator_keys_twice_with_a_reason_in_the_ledger(session: Session, world: World) -> None:
    evening(session, world)
    cora = world.coordinator()
    assert keyed(session, world, cora, {1: WHOLE}).wait == 1
    assert states(session, world, cora)[0] is PaperState.TO_KEY_AGAIN
    assert paper(session, world, cora).alone
    with pytest.raises(Invalid) as refused:
        keyed(session, world, cora, {1: WHOLE})
    assert "reason" in refused.value.fields
    assert keyed(session, world, cora, {1: {**WHOLE, "need": 1}}, ALONE).differ == 1
    # Of three attempts the last two count.
    assert keyed(session, world, cora, {1: WHOLE}, ALONE).differ == 1
    assert keyed(session, world, cora, {1: WHOLE}, ALONE).agreed == 1
    told = session.exec(select(AuditEntry.detail).where(AuditEntry.action == "ledger.keyed_alone")).all()
    assert [each["reason"] for each in told] == [ALONE]


def test_two_papers_and_a_phone_count_once(session: Session, world: World) -> None:
    evening(session, world)
    cora, zoe = world.coordinator(), second(session, world)
    (one,) = acting(session, world)
    give(session, one, 1, 5)
    give(session, one, 2, {"need": 1})
    # The phone has sent the first whole, a part of the second, nothing of the third.
    assert states(session, world, cora) == [PaperState.PHONE, PaperState.TO_KEY, PaperState.TO_KEY]
    for who in (cora, zoe, cora, zoe):
        keyed(session, world, who, {1: WHOLE, 2: WHOLE, 3: WHOLE})
    own = own_jury(session, one, NIGHT)
    assert [each.scores for each in own.pitches] == [dict.fromkeys(WHOLE, 5), WHOLE, WHOLE]
    # What the phone sends after all: the same is no change, another one is for the juror to choose.
    assert give(session, one, 3, WHOLE, seen=0) == 1
    with pytest.raises(Stale):
        give(session, one, 3, 1, seen=0)
    give(session, one, 3, 1)
    assert [each.on_paper for each in own_jury(session, one, NIGHT).pitches] == [False, True, False]
    done(session, [one])
    close(session, world)
    rows = full_tally(session, cora, world.round.code, NIGHT).rows
    assert [row.scored for row in rows] == [1, 1, 1]
    assert len(session.exec(select(PitchKeying)).all()) == 4


LINE = st.dictionaries(st.sampled_from(list(WHOLE)), st.integers(1, 5), min_size=1)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(attempts=st.lists(st.tuples(st.booleans(), LINE), min_size=1, max_size=6))
def test_a_ballot_comes_of_a_paper_only_when_two_people_agree(
    session: Session, world: World, attempts: list[tuple[bool, dict[str, int]]]
) -> None:
    """Whoever keys in what, in whatever order: what counts is what both had last."""
    if not acting(session, world):
        evening(session, world)
        second(session, world)
    for row in session.exec(select(PitchBallot)):
        session.delete(row)
    for keying in session.exec(select(PitchKeying)):
        session.delete(keying)
    session.flush()
    last: dict[bool, dict[str, int]] = {}
    agreed: dict[str, int] | None = None
    for first, line in attempts:
        keyed(session, world, world.coordinator("cora" if first else "zoe"), {1: line})
        if agreed is None:
            last[first] = line
            agreed = line if len(last) == 2 and last[True] == last[False] else None
    rows = session.exec(
        select(PitchBallot.scores).where(col(PitchBallot.on_paper)).execution_options(populate_existing=True)
    ).all()
    assert list(rows) == ([] if agreed is None else [agreed])
