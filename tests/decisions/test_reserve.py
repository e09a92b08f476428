"""Those who stand by: stored at freezing, one for each award given back, in order, until the list ends."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant
from app.calls.ledger import public_ledger
from app.database import session_on
from app.decisions.announce import announcement, publish
from app.decisions.award_table import awards_csv
from app.decisions.awards import award_of, draw_line
from app.decisions.closing import close_reviewing
from app.decisions.decide import decide, reopen_decision
from app.decisions.decided import decision_hash
from app.decisions.outcome import own_outcome
from app.decisions.refusals import (
    NobodyStandsBy,
    NoReserveList,
    NothingReturned,
    NotPublished,
    PromotionSecondPerson,
    ReserveEnded,
    RestsOnOneReview,
    SecondPersonNeeded,
)
from app.decisions.reserve import (
    PromotionConfirm,
    PromotionInput,
    Reserve,
    ReturnInput,
    StandbyState,
    ask_promotion,
    confirm_promotion,
    drop_promotion,
    give_back,
    give_back_own,
    own_award,
    promote,
    reserve_of,
)
from app.decisions.results import results
from app.decisions.standing import standing
from app.errors import Invalid, NotFound, Stale
from app.models.applications import Application, History, Status
from app.models.audit import AuditEntry
from app.models.calls import Call
from app.models.decisions import Award, PublishedResult, ReserveEntry
from app.models.outbox import Mail
from app.scoring.shares import Split
from tests.decisions.scored import (
    REASON,
    awarded,
    excused,
    one_review_left,
    pot_now,
    ranked_call,
    refs_of,
    scored_call,
    stored_order,
)
from tests.decisions.test_meeting import second
from tests.decisions.test_rules import asking, member, ruled
from tests.factories import KNOWN, REVIEWING
from tests.world import World, texts

ENDS = REVIEWING + timedelta(days=60)
LIST = {"places": 3, "reserve_places": 3, "reserve_until": ENDS}
WHY = ReturnInput(reason="The team moves to another city.")
NEXT = PromotionInput()


def freeze(session: Session, world: World) -> None:
    cora = world.coordinator()
    decide(session, cora, standing(session, cora, REVIEWING).version, REVIEWING, KNOWN)
    session.flush()


def published(session: Session, world: World, **rule: Any) -> list[str]:
    """Seven ranked applications; three are awarded and public, and the next three stand by."""
    ruled(session, world, **LIST | rule)
    codes = ranked_call(session, world, 7)
    _announce(session, world)
    return codes


def _announce(session: Session, world: World) -> None:
    cora = world.coordinator()
    draw_line(session, cora, world.round.code, REVIEWING)
    freeze(session, world)
    publish(session, cora, standing(session, cora, REVIEWING).version, REVIEWING)
    session.flush()


def back(session: Session, world: World, code: str, now: datetime = REVIEWING) -> None:
    cora = world.coordinator()
    give_back(session, cora, code, award_of(session, cora, code).version, WHY, now)
    session.flush()


def up(session: Session, world: World, given: PromotionInput = NEXT, now: datetime = REVIEWING) -> str:
    cora = world.coordinator()
    version = standing(session, cora, now).version
    code = promote(session, cora, world.round.code, version, given, now)
    session.flush()
    return code


def listed(session: Session, world: World, now: datetime = REVIEWING) -> Reserve:
    return reserve_of(session, world.coordinator(), world.round.code, now)


def status_of(session: Session, code: str) -> Status:
    found = session.exec(
        select(Application).where(Application.code == code).execution_options(populate_existing=True)
    ).one()
    return found.status


def test_the_list_is_stored_when_the_decision_is_frozen_and_goes_when_it_is_opened(
    session: Session, world: World
) -> None:
    ruled(session, world, **LIST)
    codes = ranked_call(session, world, 5)
    cora = world.coordinator()
    draw_line(session, cora, world.round.code, REVIEWING)
    assert listed(session, world).entries == []
    freeze(session, world)
    assert [(each.position, each.application) for each in listed(session, world).entries] == [
        (1, codes[3]), (2, codes[4]),
    ]  # fmt: skip
    call = session.exec(select(Call).where(Call.id == cora.call_id)).one()
    first = call.decision_hash
    assert first == decision_hash(session, call)
    reopen_decision(session, cora, "A mistake was found.", REVIEWING)
    assert listed(session, world).entries == []
    freeze(session, world)
    assert call.decision_hash == first


def test_a_winner_gives_the_award_back_who_owns_the_application(session: Session, world: World) -> None:
    codes = published(session, world)
    refs = dict(session.exec(select(Application.code, Application.ref)).all())
    ada, ref = world.applicant("ada"), refs[codes[1]]
    seen = own_award(session, ada, ref, REVIEWING)
    assert (seen.amount_minor, seen.reserve_until) == (500_000, ENDS)
    for who, whose in (("ben", ref), ("ada", refs[codes[4]])):  # a stranger, and one without an award
        with pytest.raises(NotFound):
            give_back_own(session, world.applicant(who), whose, seen.version, WHY, REVIEWING)
    with pytest.raises(Stale):
        give_back_own(session, ada, ref, seen.version + 1, WHY, REVIEWING)
    give_back_own(session, ada, ref, seen.version, WHY, REVIEWING)
    session.flush()
    assert own_outcome(session, ada.person_id, ref).given_back
    found = listed(session, world)
    assert (found.open_places, found.returned[0].reason) == (1, WHY.reason)
    assert up(session, world) == codes[3]
    with pytest.raises(NotFound):
        own_award(session, ada, ref, REVIEWING)


def test_nobody_comes_up_by_one_review_alone(session: Session, world: World) -> None:
    """Neither out of turn with a reason nor once nobody else is left."""
    ruled(session, world, **LIST)
    thin = scored_call(session, world, 5)[3]
    one_review_left(session, thin)
    close_reviewing(session, world.coordinator(), REVIEWING)
    excused(session, world)
    order = [code for code, _ in stored_order(session)]
    _announce(session, world)
    assert [each.application for each in listed(session, world).entries] == [order[3], thin]
    back(session, world, order[0])
    with pytest.raises(RestsOnOneReview) as refused:
        up(session, world, PromotionInput(application=thin, reason=REASON))
    assert refused.value.params == {"codes": thin}
    assert up(session, world) == order[3]
    back(session, world, order[1])
    with pytest.raises(RestsOnOneReview):
        up(session, world)
    assert thin not in awarded(session)


def test_the_next_comes_up_for_each_award_that_is_given_back(session: Session, world: World) -> None:
    codes = published(session, world)
    call = session.exec(select(Call).where(Call.id == world.coordinator().call_id)).one()
    decided = call.decision_hash
    with pytest.raises(NothingReturned):
        up(session, world)
    back(session, world, codes[1])
    found = listed(session, world)
    assert (found.open_places, found.following and found.following.application) == (1, codes[3])
    assert up(session, world) == codes[3]
    assert awarded(session) == dict.fromkeys([codes[0], codes[2], codes[3]], 500_000)
    assert pot_now(session, world.round.code).committed_minor == 1_500_000
    assert (status_of(session, codes[1]), status_of(session, codes[3])) == (Status.WITHDRAWN, Status.AWARDED)
    found = listed(session, world)
    assert [each.state for each in found.entries] == [
        StandbyState.PROMOTED, StandbyState.WAITING, StandbyState.WAITING,
    ]  # fmt: skip
    assert (found.entries[0].instead_of, found.open_places, found.returned[0].replaced) == (codes[1], 0, True)
    with pytest.raises(NothingReturned):
        up(session, world)
    # What was decided can be computed again, whatever came afterwards.
    assert decision_hash(session, call) == decided
    acts = [each for each in session.exec(select(AuditEntry.action)) if each.startswith("award.")]
    assert acts[-2:] == ["award.return", "award.promote"]
    moves = list(session.exec(select(History.move).order_by(col(History.id).desc()).limit(2)))
    assert moves == ["promote", "give_back"]


def test_the_counts_before_publishing_add_up_with_those_who_stand_by(session: Session, world: World) -> None:
    ruled(session, world, **LIST)
    ranked_call(session, world, 7)
    draw_line(session, world.coordinator(), world.round.code, REVIEWING)
    freeze(session, world)
    seen = announcement(session, world.coordinator(), REVIEWING)
    assert (seen.winners, seen.standing_by, seen.others, seen.letters) == (3, 3, 1, 7)
    assert [(each.winners, each.reserve, each.others, each.letters) for each in seen.by_language] == [
        (3, 3, 1, 7)
    ]


def test_everybody_reads_what_has_become_of_the_awards(session: Session, world: World) -> None:
    codes = published(session, world)
    back(session, world, codes[0])
    up(session, world)
    public = results(session, world.call.slug, REVIEWING)
    titles = [each.title for each in public.winners]
    assert sorted(titles) == ["Idea 2", "Idea 3", "Idea 4"]
    assert [each.promoted for each in public.winners] == [False, False, True]
    assert [(each.title, each.given_back_at) for each in public.returned] == [("Idea 1", REVIEWING)]
    assert [(each.count, each.until) for each in public.reserve] == [(2, ENDS)]
    assert public.committed_minor == 1_500_000
    ada = Applicant(world.people["ada"].id or 0)
    refs = refs_of(session)
    seen = {title: own_outcome(session, ada.person_id, ref) for title, ref in refs.items()}
    assert (seen["Idea 1"].given_back, seen["Idea 1"].awarded) == (True, False)
    assert (seen["Idea 4"].promoted, seen["Idea 4"].awarded, seen["Idea 4"].amount_minor) == (
        True, True, 500_000,
    )  # fmt: skip
    assert (seen["Idea 5"].reserve_position, seen["Idea 5"].reserve_until) == (1, ENDS)
    assert seen["Idea 7"].reserve_position is None
    mails = list(session.exec(select(Mail.template).where(col(Mail.template).like("award%"))))
    assert sorted(mails) == ["award_promoted", "award_returned"]
    lines = awards_csv(session, world.coordinator()).splitlines()
    kinds = [line.split(",")[1] for line in lines[1:]]
    assert kinds == ["award", "award", "promoted", "returned", "reserve", "reserve"]


def test_another_than_the_next_needs_a_reason(session: Session, world: World) -> None:
    codes = published(session, world)
    back(session, world, codes[0])
    with pytest.raises(Invalid) as refused:
        up(session, world, PromotionInput(application=codes[5], reason="Because"))
    assert refused.value.fields == {"reason": ("award.departure_needs_reason", {"least": 20})}
    for stranger in (codes[6], codes[1], "NOTHING"):
        with pytest.raises(NotFound):
            up(session, world, PromotionInput(application=stranger, reason=REASON))
    assert up(session, world, PromotionInput(application=codes[5], reason=REASON)) == codes[5]
    assert [each.reason for each in listed(session, world).entries] == ["", "", REASON]
    # There is no second coordinator: the ledger says so, and why.
    told = public_ledger(session, world.call.slug).entries[-1]
    assert (told.act, told.reason) == ("ledger.departed_alone", REASON)
    back(session, world, codes[1])
    assert up(session, world) == codes[3]


def test_out_of_turn_nobody_comes_up_before_a_second_person_has_confirmed_why(
    session: Session, world: World
) -> None:
    codes = published(session, world)
    back(session, world, codes[0])
    cora, max_, pot = world.coordinator(), second(session, world), world.round.code
    wanted = PromotionInput(application=codes[5], reason=REASON)
    with pytest.raises(PromotionSecondPerson):
        up(session, world, wanted)

    def ask(given: PromotionInput = wanted) -> PromotionConfirm:
        ask_promotion(session, cora, pot, standing(session, cora, REVIEWING).version, given, REVIEWING)
        session.flush()
        (waits,) = listed(session, world).out_of_turn
        assert (waits.application, waits.waits, waits.mine, waits.position) == (codes[5], True, True, 3)
        return PromotionConfirm(application=codes[5], decided_at=waits.decided_at)

    for nobody in (codes[3], codes[6], ""):  # the next needs no reason, and the others stand by for nothing
        with pytest.raises(NotFound):
            ask(PromotionInput(application=nobody, reason=REASON))
    asked = ask()
    with pytest.raises(SecondPersonNeeded):
        confirm_promotion(session, cora, pot, asked, REVIEWING)
    with pytest.raises(Stale):
        confirm_promotion(session, max_, pot, asked.model_copy(update={"decided_at": ENDS}), REVIEWING)
    drop_promotion(session, max_, pot, codes[5], REVIEWING)
    assert listed(session, world).out_of_turn == []
    with pytest.raises(NotFound):
        confirm_promotion(session, max_, pot, asked, REVIEWING)
    assert codes[5] not in awarded(session)
    ask()
    assert confirm_promotion(session, max_, pot, asked, REVIEWING) == codes[5]
    session.flush()
    assert codes[5] in awarded(session)
    found = listed(session, world)
    assert (found.entries[2].reason, found.open_places, found.out_of_turn) == (REASON, 0, [])
    acts = [each for each in session.exec(select(AuditEntry.action)) if each.startswith(("award.pr", "led"))]
    assert acts == [
        "award.promotion_ask", "award.promotion_drop", "award.promotion_ask", "award.promotion_confirm",
        "award.promote",
    ]  # fmt: skip


def test_after_its_end_nobody_comes_up(session: Session, world: World) -> None:
    codes = published(session, world)
    late = ENDS - timedelta(seconds=1)
    back(session, world, codes[0])
    back(session, world, codes[1])
    assert up(session, world, now=late) == codes[3]
    assert listed(session, world, ENDS).ended
    with pytest.raises(ReserveEnded):
        up(session, world, now=ENDS)
    assert set(awarded(session)) == {codes[2], codes[3]}


def test_what_cannot_be_is_refused_with_words(session: Session, world: World) -> None:
    ruled(session, world, **LIST | {"reserve_places": 1})
    codes = ranked_call(session, world, 6)
    cora = world.coordinator()
    draw_line(session, cora, world.round.code, REVIEWING)
    for act in (lambda: back(session, world, codes[0]), lambda: up(session, world)):
        with pytest.raises(NotPublished):
            act()
    freeze(session, world)
    seen = standing(session, cora, REVIEWING).version
    publish(session, cora, seen, REVIEWING)
    session.flush()
    with pytest.raises(Stale):
        give_back(session, cora, codes[0], 7, WHY, REVIEWING)
    with pytest.raises(NotFound):
        give_back(session, cora, codes[4], 1, WHY, REVIEWING)
    with pytest.raises(Invalid):
        give_back(session, cora, codes[0], 1, ReturnInput(reason="           x"), REVIEWING)
    back(session, world, codes[0])
    with pytest.raises(Stale):
        promote(session, cora, world.round.code, seen, NEXT, REVIEWING)
    up(session, world)
    back(session, world, codes[3])  # who came up may give it back too
    with pytest.raises(NobodyStandsBy):
        up(session, world)


def test_a_round_without_a_list(session: Session, world: World) -> None:
    codes = published(session, world, reserve_places=0, reserve_until=None)
    back(session, world, codes[0])
    with pytest.raises(NoReserveList):
        up(session, world)


def test_whoever_comes_up_gets_what_the_rule_says(session: Session, world: World) -> None:
    """An equal share stays what it was; what was asked for is given as far as the pot goes."""
    codes = published(session, world, places=3, split=Split.EQUAL, envelope_minor=1_000_001)
    assert set(awarded(session).values()) == {333_334, 333_333}
    back(session, world, codes[2])
    up(session, world)
    assert awarded(session)[codes[3]] == 333_333


def test_what_was_asked_for_comes_up_as_far_as_the_pot_goes(session: Session, world: World) -> None:
    ruled(session, world, **LIST | {"split": Split.ASKED, "envelope_minor": 1_000_000})
    world.call.rate_minor = 56_000
    codes = ranked_call(session, world, 5)
    asking(session, [4_000, 3_000, 2_000, 4_500, 500])
    _announce(session, world)
    assert awarded(session) == dict(zip(codes, (400_000, 300_000, 200_000), strict=False))
    back(session, world, codes[2])
    up(session, world)
    assert awarded(session)[codes[3]] == 300_000


def test_a_reserved_seat_is_known_when_it_is_announced(session: Session, world: World) -> None:
    ruled(session, world, **LIST | {"reserved_places": 1, "reserved_for": texts("members")})
    codes = ranked_call(session, world, 6)
    member(session, world, codes[5])
    _announce(session, world)
    assert set(awarded(session)) == {codes[0], codes[1], codes[5]}
    shown = {each.title: each.reserved for each in results(session, world.call.slug, REVIEWING).winners}
    assert shown == {"Idea 1": False, "Idea 2": False, "Idea 6": True}
    call = session.exec(select(Call).where(Call.id == world.coordinator().call_id)).one()
    decided = call.decision_hash
    back(session, world, codes[5])
    up(session, world)
    assert decision_hash(session, call) == decided


AWARD = """INTO award (round_id, application_id, amount_minor, version, awarded_by, awarded_at)
           SELECT :round, id, 500000, 1, :person, :now FROM application WHERE code = :code"""


def test_the_database_refuses_every_other_way(engine: Engine, world: World) -> None:
    """By SQL, whatever its conflict clause: after publication awards leave and come by this door alone."""
    with session_on(engine) as session, session.begin():
        codes = published(session, world)
        back(session, world, codes[0])
        values: dict[str, Any] = {
            "round": world.round.id, "person": world.people["cora"].id, "now": REVIEWING, "late": ENDS,
            "code": codes[3], "first": codes[0], "second": codes[1], "last": codes[6],
        }  # fmt: skip
    key = "(SELECT id FROM application WHERE code = :{})"
    entry = f"WHERE application_id = {key.format('code')}"
    false = {
        "an award for who waits": f"INSERT {AWARD}",
        "an award for who does not": f"INSERT {AWARD.replace(':code', ':last')}",
        "an award taken back": f"DELETE FROM award WHERE application_id = {key.format('second')}",
        "a return of what is no award": f"""INSERT INTO award_return (application_id, round_id, reason,
            recorded_by, recorded_at, amount_minor)
            VALUES ({key.format("last")}, :round, 'x', :person, :now, 500000)""",
        "a return of another sum": f"""INSERT INTO award_return (application_id, round_id, reason,
            recorded_by, recorded_at, amount_minor)
            VALUES ({key.format("second")}, :round, 'x', :person, :now, 1)""",
        "a return forgotten": "DELETE FROM award_return",
        "a return changed": "UPDATE award_return SET amount_minor = 1",
        "a longer list": f"""INSERT INTO reserve_entry (round_id, application_id, position, reason)
            VALUES (:round, {key.format("last")}, 4, '')""",
        "a shorter list": "DELETE FROM reserve_entry",
        "another order": "UPDATE reserve_entry SET position = position + 10",
        "up for nothing": f"""UPDATE reserve_entry SET instead_of = {key.format("second")},
            promoted_at = :now {entry}""",
        "up after its end": f"""UPDATE reserve_entry SET instead_of = {key.format("first")},
            promoted_at = :late {entry}""",
    }
    verbs = ("", " OR IGNORE", " OR REPLACE") if engine.dialect.name == "sqlite" else ("",)
    for what, said in false.items():
        for clause in verbs:
            verb, rest = said.split(" ", 1)
            if clause and verb == "DELETE":
                continue
            given = {name: value for name, value in values.items() if f":{name}" in said}
            try:
                with engine.begin() as connection:
                    connection.execute(text(f"{verb}{clause} {rest}"), given)
            except IntegrityError:
                continue
            pytest.fail(f"{what}: {verb}{clause} was let through")
    with session_on(engine) as session, session.begin():
        up(session, world)
    # The one award that was given back is replaced: nobody else comes up for it.
    again = f"""UPDATE reserve_entry SET instead_of = {key.format("first")}, promoted_at = :now
                WHERE position = 2"""
    for clause in verbs:
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(
                text(again.replace("UPDATE", f"UPDATE{clause}")), {"first": codes[0], "now": REVIEWING}
            )
    with session_on(engine, reading=True) as session, session.begin():
        assert len(session.exec(select(Award)).all()) == 3
        assert len(session.exec(select(PublishedResult)).all()) == 4
        promoted = select(ReserveEntry).where(col(ReserveEntry.promoted_at).is_not(None))
        assert len(session.exec(promoted).all()) == 1
