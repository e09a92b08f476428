"""The jury of an evening: one team at a time, nobody's scores to anybody, and one order at the end."""

import json
from contextlib import suppress
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from app.decisions.award_table import awards_csv
from app.decisions.awards import AwardInput, award_application, draw_line
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.decisions.line import rounds
from app.decisions.moving import moved_line
from app.decisions.protocol import read_protocol
from app.decisions.protocol_file import parsed
from app.decisions.protocol_words import ProtocolWords
from app.decisions.recompute import recompute
from app.decisions.refusals import NotInOrder, PitchesNotClosed
from app.documents.protocol import Facts, Note, Table
from app.errors import Invalid, NotFound, Stale, TooMany
from app.events.ballots import JuryStage, own_jury
from app.events.evening import PitchesClosed
from app.events.jury import close_juror, full_jury, open_juror, remove_juror
from app.events.jury_access import TRIES_OF_A_LINK, EnterInput, enter, issue_access
from app.events.jury_refusals import (
    AwardsRestOnIt,
    BallotsMissing,
    ComparingOver,
    JurorIsDone,
    JurorsNotDone,
    PitchesFollow,
    PitchNotBegun,
)
from app.events.tally import full_tally, reopen_pitches
from app.models.audit import AuditEntry
from app.models.jury import Juror, PitchBallot, PitchEntry, PitchRun
from app.scoring.methods import Method
from tests.decisions.scored import awarded, stored_order
from tests.events.evening import announced
from tests.events.jury import (
    NIGHT,
    SECRET,
    acting,
    begin,
    close,
    compare,
    done,
    give,
    juror_row,
    seated,
)
from tests.factories import KNOWN
from tests.world import World

REASON = "Has left for the airport before the end."
NEED = {"need": 5, "work_plan": 4, "budget": 3, "sustainability": 2}


def test_a_pitch_opens_when_it_begins_and_a_ballot_is_kept_once(session: Session, world: World) -> None:
    announced(session, world, 3)
    one, other = seated(session, world)[:2]
    assert own_jury(session, one, NIGHT).stage is JuryStage.WAITING
    with pytest.raises(PitchNotBegun):
        give(session, one, 1, 4)
    begin(session, world, [1])
    assert give(session, one, 1, {"need": 4}) == 1
    # Handed in again it is no change; from an older page it is refused, and nothing of it is kept.
    assert give(session, one, 1, {"need": 4}, seen=0) == 1
    with pytest.raises(Stale):
        give(session, one, 1, {"need": 2}, seen=0)
    assert give(session, one, 1, NEED, seen=1) == 2
    with pytest.raises(Invalid) as refused:
        give(session, one, 1, {"need": 6})
    assert refused.value.fields == {"scores.need": ("jury.out_of_scale", {"least": 1, "most": 5})}
    with pytest.raises(PitchNotBegun):
        give(session, one, 2, 4)
    with pytest.raises(NotFound):
        give(session, one, 4, 4, seen=0)
    own = own_jury(session, one, NIGHT)
    assert [(each.slot, each.open, each.scores, each.whole) for each in own.pitches] == [
        (1, True, NEED, True), (2, False, {}, False), (3, False, {}, False)
    ]  # fmt: skip
    assert own_jury(session, other, NIGHT).pitch(1).blank


def test_who_has_a_tie_or_missed_a_pitch_scores_nothing_and_can_finish(
    session: Session, world: World
) -> None:
    announced(session, world, 3)
    one, other = seated(session, world)[:2]
    begin(session, world, [1, 2, 3])
    give(session, one, 1, 3)
    give(session, one, 1, 3, tie=True)
    assert own_jury(session, one, NIGHT).pitch(1).scores == {}
    give(session, one, 2, missed=True)
    with pytest.raises(PitchesFollow):
        done(session, [one])
    compare(session, world)
    with pytest.raises(BallotsMissing) as refused:
        done(session, [one])
    assert refused.value.params == {"count": 1}
    give(session, one, 3, 5)
    done(session, [one, one])
    assert own_jury(session, one, NIGHT).stage is JuryStage.FINISHED
    with pytest.raises(JurorIsDone):
        give(session, one, 3, 4)
    assert own_jury(session, other, NIGHT).stage is JuryStage.COMPARING


def test_time_to_compare_ends_by_the_servers_clock(session: Session, world: World) -> None:
    announced(session, world, 2)
    (one,) = seated(session, world, ["BC"])
    begin(session, world, [1, 2])
    give(session, one, 1, 3)
    compare(session, world)
    late = NIGHT + timedelta(seconds=600)
    give(session, one, 1, 4, now=late - timedelta(seconds=1))
    assert own_jury(session, one, late).stage is JuryStage.OVER
    with pytest.raises(ComparingOver):
        give(session, one, 1, 5, now=late)
    # What a slow network still owes comes all the same.
    give(session, one, 2, {"need": 2}, now=late)
    give(session, one, 2, 2, now=late)
    with pytest.raises(ComparingOver):
        give(session, one, 2, 3, now=late)
    done(session, [one], late)


def test_one_device_at_a_time_and_only_digests_are_stored(session: Session, world: World) -> None:
    announced(session, world, 2)
    (one,) = seated(session, world, ["BC"])
    cora, pot, code = world.coordinator(), world.round.code, juror_row(session, one).code

    def sign_in(key: str, digits: str, where: str = pot) -> str:
        return enter(
            session, where, key, EnterInput(code=digits), client="10.0.0.7", secret=SECRET, now=NIGHT
        )

    access = issue_access(session, cora, pot, code, secret=SECRET, now=NIGHT)
    first = sign_in(access.key, f"{access.code[:3]} {access.code[3:]}")
    hashes = [juror_row(session, one).session_hash]
    assert sign_in(access.key, access.code) != first
    hashes.append(juror_row(session, one).session_hash)
    assert len({*hashes}) == 2
    stored = str(session.exec(select(Juror)).one().model_dump())
    assert not any(each in stored for each in (access.key, access.code, first))
    wrong = f"{(int(access.code) + 1) % 1_000_000:06d}"
    for key, digits, where in (
        (access.key, wrong, pot),
        ("x", access.code, pot),
        (access.key, access.code, "X"),
    ):
        with pytest.raises(Invalid, match="invalid"):
            sign_in(key, digits, where)
    again = issue_access(session, cora, pot, code, secret=SECRET, now=NIGHT)
    assert juror_row(session, one).session_hash is None
    with pytest.raises(Invalid):
        sign_in(access.key, access.code)
    sign_in(again.key, again.code)
    for _ in range(TRIES_OF_A_LINK):
        with suppress(Invalid, TooMany):
            sign_in(again.key, wrong)
    with pytest.raises(TooMany):
        sign_in(again.key, again.code)


def test_nobody_is_told_a_total_before_all_are_in(session: Session, world: World) -> None:
    announced(session, world, 3)
    jurors = seated(session, world, ["BC", "AKIM", "ADC"])
    cora, pot = world.coordinator(), world.round.code
    begin(session, world, [1, 2, 3])
    compare(session, world)
    for juror in jurors[:2]:
        for slot in (1, 2, 3):
            give(session, juror, slot, slot)
    done(session, jurors[:1])
    # The tables a coordinator's pages are made of: how far, and nothing of what.
    before = full_tally(session, cora, pot, NIGHT)
    assert [(each.done, each.of, each.ended) for each in before.jury.jurors] == [
        (3, 3, True), (3, 3, False), (0, 3, False)
    ]  # fmt: skip
    assert (before.rows, before.digest, before.can_close) == ([], "", False)
    give(session, jurors[1], 1, 5)
    assert full_tally(session, cora, pot, NIGHT) == before
    with pytest.raises(JurorsNotDone) as refused:
        close(session, world)
    assert refused.value.params == {"count": 2}
    done(session, jurors[1:2])
    close_juror(session, cora, pot, juror_row(session, jurors[2]).code, REASON, NIGHT)
    assert full_tally(session, cora, pot, NIGHT).can_close
    close(session, world)
    after = full_tally(session, cora, pot, NIGHT)
    assert [row.scored for row in after.rows] == [2, 2, 2]
    acts = session.exec(select(AuditEntry.detail).where(AuditEntry.action == "juror.close")).all()
    assert [each["reason"] for each in acts] == [REASON]
    with pytest.raises(PitchesClosed):
        close_juror(session, cora, pot, juror_row(session, jurors[2]).code, REASON, NIGHT)


def test_written_and_pitch_count_by_the_published_weight(session: Session, world: World) -> None:
    slots = announced(session, world, 3)
    jurors = seated(session, world, ["BC", "AKIM"])
    cora, pot = world.coordinator(), world.round.code
    begin(session, world, [1, 2, 3])
    compare(session, world)
    # Totals 0, 50, 100 of one, and 25 of the other but for a tie: the mean uses the rest.
    for slot, score in ((1, 1), (2, 3), (3, 5)):
        give(session, jurors[0], slot, score)
    give(session, jurors[1], 1, tie=True)
    give(session, jurors[1], 2, 2)
    give(session, jurors[1], 3, 2)
    done(session, jurors)
    with pytest.raises(PitchesNotClosed):
        draw_line(session, cora, pot, NIGHT)
    close(session, world)
    rows = full_tally(session, cora, pot, NIGHT).rows
    by_code = {row.code: row for row in rows}
    assert [by_code[code].pitch for code in slots] == ["0.0", "37.5", "62.5"]
    assert (by_code[slots[0]].tied, by_code[slots[0]].scored) == (1, 1)
    for row in rows:
        total = (Fraction(row.written) + Fraction(row.pitch)) / 2
        assert abs(total - Fraction(row.total)) <= Fraction(1, 10)
    assert [row.place for row in rows] == [1, 2, 3]
    assert all(row.low and row.high and row.low <= row.high for row in rows)
    # It is THE order: of the line, of awards, and of what a moved line shows.
    order = [row.code for row in rows]
    session.merge(world.round).places = 2
    draw_line(session, cora, pot, NIGHT)
    assert set(awarded(session)) == set(order[:2])
    table = [row.split(",") for row in awards_csv(session, cora).splitlines()[1:]]
    assert [(row[3], row[5], row[6]) for row in table] == [
        (row.code, str(row.place), row.total) for row in rows[:2]
    ]
    (line,) = rounds(session, cora)
    assert [(row.code, row.place) for row in line.rows] == list(zip(order, (1, 2, 3), strict=True))
    assert [each.decides for each in moved_line(session, cora, pot).lines] == [True]
    with pytest.raises(AwardsRestOnIt):
        reopen_pitches(session, cora, pot, REASON, NIGHT)


def test_who_nobody_scored_has_no_total_and_no_zero(session: Session, world: World) -> None:
    slots = announced(session, world, 3)
    (one,) = seated(session, world, ["BC"])
    cora, pot = world.coordinator(), world.round.code
    begin(session, world, [1, 3])
    compare(session, world)
    give(session, one, 1, 1)
    give(session, one, 3, tie=True)
    done(session, [one])
    close(session, world)
    rows = full_tally(session, cora, pot, NIGHT).rows
    assert rows[0].code == slots[0] and rows[0].total
    assert {row.code: (row.total, row.pitch, row.label) for row in rows[1:]} == {
        slots[1]: ("", "", ""),
        slots[2]: ("", "", ""),
    }
    assert draw_line(session, cora, pot, NIGHT) == 1
    assert set(awarded(session)) == {slots[0]}
    # Against the order only in writing; who did not pitch at all is in no order.
    given = AwardInput(application=slots[2], reason="The whole jury has ties; the panel decided on 14 April.")
    award_application(session, cora, pot, given, NIGHT)
    assert set(awarded(session)) == {slots[0], slots[2]}
    others = [code for code in _ranked_codes(session) if code not in slots]
    with pytest.raises(NotInOrder):
        award_application(session, cora, pot, AwardInput(application=others[0], reason=REASON * 2), NIGHT)


def _ranked_codes(session: Session) -> list[str]:
    return [code for code, _ in stored_order(session)]


@pytest.mark.parametrize("method", list(Method))
def test_protocol_holds_the_jurys_scores_and_is_recomputed(
    session: Session, world: World, method: Method
) -> None:
    world.call.method = method
    slots = announced(session, world, 4, 0)
    jurors = seated(session, world, ["BC", "AKIM", "ADC"])
    cora, pot = world.coordinator(), world.round.code
    begin(session, world, [1, 2, 3, 4])
    compare(session, world)
    for number, juror in enumerate(jurors):
        for slot in (1, 2, 3, 4):
            scores = {code: 1 + (slot * 2 + number + place) % 5 for place, code in enumerate(NEED)}
            give(session, juror, slot, scores, tie=(number, slot) == (2, 4))
    done(session, jurors[:2])
    close_juror(session, cora, pot, juror_row(session, jurors[2]).code, REASON, NIGHT)
    close(session, world)
    session.merge(world.round).places = 2
    draw_line(session, cora, pot, NIGHT)
    session.flush()
    decide(session, cora, decision_version(session, call_of(session, cora)), NIGHT, KNOWN)
    protocol, document = parsed(read_protocol(session, cora))
    assert {each.title: each.differences for each in recompute(protocol, document) if each.differences} == {}
    part = protocol.rounds[0].pitch
    assert part is not None
    assert [(each.juror, each.organisation, each.ended) for each in part.jurors] == [
        ("J1", "BC", "finished"), ("J2", "AKIM", "finished"), ("J3", "ADC", "closed")
    ]  # fmt: skip
    assert len(part.input.ballots) == 11 and part.input.ties == [(slots[3], "J3")]
    assert "Canaryname" not in str(document)
    said = next(each for each in ProtocolWords(protocol, "en").chapters() if each.id == "protocol-pitches")
    jury = next(each for each in said.blocks if isinstance(each, Table) and each.id.startswith("jury-"))
    assert [row[0] for row in jury.rows] == ["J1", "J2", "J3"] and "conflict" in jury.rows[2]
    facts = dict(next(each for each in said.blocks if isinstance(each, Facts)).items)
    assert facts["How the pitch counts"].startswith("The pitch counts 50 %, the written score 50 %.")
    assert ("calibrated" in facts["How the pitch counts"]) is (method is Method.CALIBRATED)
    assert facts["Invited to pitch, by the written order"] == "4"
    assert facts["What the jury scores"].count(" 25 %") == len(NEED)
    assert facts["Equal totals"].endswith("Then the draw.")
    judges = next(each for each in said.blocks if isinstance(each, Table) and each.id.startswith("judges-"))
    assert [row[1:] for row in judges.rows] == [
        ["1", "3", "0", "1", "0"], ["1", "4", "0", "0", "0"], ["1", "4", "0", "0", "0"],
    ]  # fmt: skip
    assert [each.words for each in said.blocks if isinstance(each, Note)] == [
        f"Did not score for a tie: J3 – {slots[3]}. The mean is of the others."
    ]
    for change in (_a_ballot, _a_weight, _a_place, _a_criterion):
        other = read_protocol(session, cora)
        protocol, document = parsed(change(other))
        told = [each.title for each in recompute(protocol, document) if each.differences]
        assert any("Written and pitch" in each for each in told), change.__name__


def _changed(written: str, act: object) -> str:
    document = json.loads(written)
    act(document["rounds"][0]["pitch"])  # type: ignore[operator]
    return json.dumps(document)


def _a_ballot(written: str) -> str:
    return _changed(written, lambda pitch: pitch["input"]["ballots"][0][3].update(need=1))


def _a_weight(written: str) -> str:
    return _changed(written, lambda pitch: pitch["input"].update(weight=51))


def _a_criterion(written: str) -> str:
    """What was published for the pitch, not what the jury scored."""
    document = json.loads(written)
    document["rounds"][0]["rule"]["pitch_criteria"] = ["need"]
    return json.dumps(document)


def _a_place(written: str) -> str:
    def swapped(pitch: dict[str, list[dict[str, str]]]) -> None:
        order = pitch["computed"]["order"]  # type: ignore[call-overload]
        order[0]["application"], order[1]["application"] = order[1]["application"], order[0]["application"]

    return _changed(written, swapped)


def test_replaced_jurors_count_no_more_and_a_reopened_scoring_takes_ballots(
    session: Session, world: World
) -> None:
    announced(session, world, 2)
    one, other = seated(session, world, ["BC", "BC"])
    cora, pot = world.coordinator(), world.round.code
    begin(session, world, [1, 2])
    compare(session, world)
    for juror, score in ((one, 1), (other, 4)):
        give(session, juror, 1, score)
        give(session, juror, 2, score)
    remove_juror(session, cora, pot, juror_row(session, one).code, "Somebody else came instead.", NIGHT)
    done(session, [other])
    open_juror(session, cora, pot, juror_row(session, other).code, "Pressed too soon, by mistake.", NIGHT)
    give(session, other, 1, 5)
    done(session, [other])
    close(session, world)
    assert {row.pitch for row in full_tally(session, cora, pot, NIGHT).rows} == {"100.0", "75.0"}
    with pytest.raises(DBAPIError, match="closed"), session.begin_nested():
        session.execute(text("UPDATE pitch_ballot SET version = 9"))
    with pytest.raises(DBAPIError, match="only ever added"), session.begin_nested():
        session.execute(text("UPDATE pitch_run SET number = 9"))
    reopen_pitches(session, cora, pot, "A paper was found under the table.", NIGHT)
    assert session.exec(select(PitchEntry)).all() == []
    open_juror(session, cora, pot, juror_row(session, other).code, "A paper was found.", NIGHT)
    give(session, other, 1, 4)
    done(session, [other])
    assert close(session, world) == 2
    assert len(session.exec(select(PitchRun)).all()) == 2
    assert len(full_jury(session, cora, pot, NIGHT).seated) == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sends=st.lists(st.tuples(st.integers(1, 5), st.integers(0, 4)), min_size=1, max_size=8))
def test_whatever_a_phone_sends_again_the_last_accepted_ballot_stands(
    session: Session, world: World, sends: list[tuple[int, int]]
) -> None:
    """Late, twice, from an older page: one row, whose version counts what was accepted."""
    if not acting(session, world):
        announced(session, world, 2)
        seated(session, world, ["BC"])
        begin(session, world, [1])
    (one,) = acting(session, world)
    before = own_jury(session, one, NIGHT).pitch(1)
    stands, version = dict(before.scores), before.version
    for score, older in sends:
        wanted = dict.fromkeys(NEED, score)
        seen = max(0, version - older)
        try:
            kept = give(session, one, 1, score, seen=seen)
        except Stale:
            assert wanted != stands and seen != version
            continue
        assert kept == (version if wanted == stands else version + 1)
        stands, version = wanted, kept
    rows = session.exec(select(PitchBallot).execution_options(populate_existing=True)).all()
    assert [(each.scores, each.version) for each in rows] == [(stands, version)]
