"""Extra reviews where they matter are an act on record; what would be if leaves nothing behind."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.decisions.awards import AwardInput, award_application
from app.decisions.board import rows_of
from app.decisions.closing import close_reviewing
from app.decisions.extra import ExtrasInput, ask_for_extras, extras
from app.decisions.ranking import ranking
from app.decisions.refusals import AwardsExist, ReviewingNotClosed
from app.decisions.runs import runs, standing_run
from app.decisions.what_if import WhatIfInput, published, what_if
from app.errors import Invalid
from app.models.applications import Application
from app.models.audit import AuditEntry
from app.models.decisions import RankingEntry, RankingRun
from app.models.outbox import Mail
from app.models.panel import PanelMember
from app.models.reviews import Assignment, Tie
from app.scoring.methods import Method
from app.wall import BehindWall, Wall, put_up
from tests.decisions.crossing import crossing_call, lacking_call
from tests.factories import REVIEWING, count_of, make_review
from tests.world import World

LATER = REVIEWING + timedelta(days=1)
WHY = "The reviews cannot tell these from the line."
EQUAL = dict.fromkeys(("need", "work_plan", "budget", "sustainability"), 25)


def tied(session: Session, world: World, code: str) -> None:
    hidden = session.exec(select(Application.id).where(Application.code == code)).one()
    put_up(session, Wall(frozenset({hidden or 0}), frozenset({code})))


def test_extra_reviews_are_offered_where_they_matter_and_by_whom(session: Session, world: World) -> None:
    codes = crossing_call(session, world)
    cora = world.coordinator()
    offered = extras(session, cora, LATER)
    worth = [each.worth for each in offered]
    assert worth == sorted(worth, reverse=True) and worth[0] == 1
    # Only of what is open: what is certain stays so, whatever one more review says.
    assert all(each.changes and each.stands == "zone" for each in offered)
    titles = {each.title: each for each in offered}
    # Rita and Anna read it: the others' organisations come first, and nobody reads twice.
    unlucky = titles["unlucky"]
    free = {world.members[name].code for name in ("rolf", "karl")}
    assert unlucky.application == codes["unlucky"] and set(unlucky.free) == free
    assert unlucky.proposed in free
    # Every organisation reads it, and each has one reviewer: nobody is left.
    assert (titles["torn"].free, titles["torn"].proposed) == ([], "")


def test_a_colleague_gives_the_extra_review_where_every_organisation_reads(
    session: Session, world: World
) -> None:
    codes = crossing_call(session, world)
    member = PanelMember(
        call_id=world.call.id or 0, person_id=world.people["zoe"].id or 0,
        organisation_id=world.organisations["BC"].id, role=world.members["rita"].role, code="ZOE2ZOE2ZO",
        joined_at=REVIEWING,
    )  # fmt: skip
    session.add(member)
    session.flush()
    offered = {each.application: each for each in extras(session, world.coordinator(), LATER)}
    assert offered[codes["torn"]].free == ["ZOE2ZOE2ZO"]
    assert "ZOE2ZOE2ZO" not in offered[codes["unlucky"]].free


def test_what_is_certain_is_not_where_a_review_changes_something_and_what_lacks_one_stands_apart(
    session: Session, world: World
) -> None:
    codes = lacking_call(session, world)
    offered = extras(session, world.coordinator(), LATER)
    changing = [each for each in offered if each.changes]
    assert offered[: len(changing)] == changing and changing[0].worth == 1
    assert {each.stands for each in changing} == {"zone"}
    # Few reviews make it uncertain how good it is, and not on which side of the line.
    (lacks,) = [each for each in offered if not each.changes]
    assert (lacks.application, lacks.stands, lacks.worth) == (codes["third"], "out", 0)
    assert (lacks.coverage, lacks.wanted, lacks.missing) == (2, 3, ["ADC", "BC"])
    # Only who can give what is missing is offered for it.
    assert (lacks.free, lacks.proposed) == (["ZOE2ZOE2ZO"], "ZOE2ZOE2ZO")
    wanted = ExtrasInput(reviewers={codes["third"]: "ZOE2ZOE2ZO"}, reason=WHY)
    ask_for_extras(session, world.coordinator(), wanted, LATER)


def test_asking_opens_reviewing_again_and_gives_them_out(session: Session, world: World) -> None:
    codes = crossing_call(session, world)
    cora = world.coordinator()
    before = {row.code: row.place for row in ranking(session, cora).rows}
    rolf = world.members["rolf"]
    mails = count_of(session, Mail, col(Mail.template) == "assignments_ready")
    ask_for_extras(session, cora, ExtrasInput(reviewers={codes["unlucky"]: rolf.code}, reason=WHY), LATER)
    session.flush()
    with pytest.raises(ReviewingNotClosed):
        ranking(session, cora)
    given = session.exec(
        select(Assignment)
        .join(Application, col(Application.id) == Assignment.application_id)
        .where(Application.code == codes["unlucky"], Assignment.member_id == rolf.id)
    ).one()
    assert given.withdrawn_at is None
    assert count_of(session, Mail, col(Mail.template) == "assignments_ready") == mails + 1
    told = {each.action: each.detail for each in session.exec(select(AuditEntry))}
    assert told["reviewing.reopen"] == {"reason": WHY} and told["reviews.extra"]["made"] == 1
    given.tie = Tie.NONE
    make_review(session, world, given, dict.fromkeys(world.criteria, 5))
    close_reviewing(session, cora, LATER)
    session.flush()
    assert [each.number for each in runs(session, cora)] == [2, 1]
    after = {row.code: row.place for row in ranking(session, cora).rows}
    assert after[codes["unlucky"]] <= before[codes["unlucky"]]


def test_what_is_not_offered_or_not_free_is_refused_and_nothing_is_opened(
    session: Session, world: World
) -> None:
    codes = crossing_call(session, world)
    cora = world.coordinator()
    for application, reviewer, why in (
        ("nowhere", world.members["rolf"].code, "extra.not_offered"),
        (codes["unlucky"], world.members["rita"].code, "extra.not_free"),
    ):
        with pytest.raises(Invalid) as refused:
            ask_for_extras(session, cora, ExtrasInput(reviewers={application: reviewer}, reason=WHY), LATER)
        assert refused.value.fields == {application: (why, {})}
    assert ranking(session, cora).rows
    first = AwardInput(application=ranking(session, cora).rows[0].code)
    award_application(session, cora, world.round.code, first, LATER)
    with pytest.raises(AwardsExist):
        extras(session, cora, LATER)


def asked(
    session: Session, cora: Coordinator, method: Method = Method.MEAN_OF_MEANS, **changed: Any
) -> tuple[list[str], list[str], list[tuple[str, int | None, int | None]]]:
    given = WhatIfInput.model_validate({"method": method, "weights": EQUAL, **changed})
    found = what_if(session, cora, given)
    assert found
    return found.enter, found.leave, found.moved


def test_what_would_be_is_computed_and_nothing_is_saved(session: Session, world: World) -> None:
    codes = crossing_call(session, world)
    cora = world.coordinator()
    order = [row.code for row in ranking(session, cora).rows]
    kept = [(count_of(session, each)) for each in (RankingRun, RankingEntry, AuditEntry)]
    assert asked(session, cora) == ([], [], [])
    # By another method it is what stands beside the published one on the board.
    rows = {row.shown["code"]: row for row in rows_of(session, cora, order)}
    for method in (Method.MEDIAN, Method.CALIBRATED):
        beside = {code: row.figures["by"][method.value][0] for code, row in rows.items()}
        enter, leave, moved = asked(session, cora, method)
        assert (
            {code: (now, then) for code, now, then in moved}
            == {
                code: (rows[code].place, place) for code, place in beside.items() if place != rows[code].place
            }
            != {}
        )
        assert set(enter) == {code for code in beside if beside[code] <= 3 < rows[code].place}
        assert len(enter) == len(leave)
    # Without Karl nobody finds "torn" poor, as nobody does "lucky".
    _, _, moved = asked(session, cora, reviewer=world.members["karl"].code)
    assert {code: after for code, _, after in moved}.get(codes["torn"], 1) in {1, 2}
    assert asked(session, cora, organisation="KBTU")[2] == moved
    # All criteria of a review are alike here, so weights change nothing but a tie.
    assert asked(session, cora, weights={**EQUAL, "need": 80})[0] == []
    assert [(count_of(session, each)) for each in (RankingRun, RankingEntry, AuditEntry)] == kept
    assert [row.code for row in ranking(session, cora).rows] == order


def test_what_if_refuses_what_is_not_the_calls_and_whoever_has_a_tie(session: Session, world: World) -> None:
    codes = crossing_call(session, world)
    cora = world.coordinator()
    for changed, field in (
        ({"weights": {"need": 100}}, "weights"),
        ({"weights": dict.fromkeys(EQUAL, 0)}, "weights"),
        ({"reviewer": "NOBODY"}, "reviewer"),
        ({"organisation": "NOBODY"}, "organisation"),
    ):
        with pytest.raises(Invalid) as refused:
            asked(session, cora, **changed)
        assert list(refused.value.fields) == [field]
    known = published(session, cora)
    assert known and dict(known.weights) == EQUAL and len(known.reviewers) == len(known.organisations) == 4
    tied(session, world, codes["steady"])
    assert published(session, cora) is None
    assert what_if(session, cora, WhatIfInput(method=Method.MEDIAN, weights=EQUAL)) is None
    with pytest.raises(BehindWall):
        extras(session, cora, LATER)
    with pytest.raises(BehindWall):
        ask_for_extras(
            session,
            cora,
            ExtrasInput(reviewers={codes["torn"]: world.members["rolf"].code}, reason=WHY),
            LATER,
        )


def test_the_order_says_on_whom_it_hangs(session: Session, world: World) -> None:
    codes = crossing_call(session, world)
    found = standing_run(session, world.coordinator())
    assert found
    hangs = found.summary["influence"]
    assert set(hangs) == {"reviewers", "organisations"}
    for kind, code in (("reviewers", world.members["rita"].code), ("organisations", "BC")):
        enter, leave = hangs[kind].get(code, [[], []])
        # Without the strictest one "unlucky" has five on everything.
        assert codes["unlucky"] in enter or codes["unlucky"] not in leave
        given: dict[str, Any] = {"reviewer": code} if kind == "reviewers" else {"organisation": code}
        assert asked(session, world.coordinator(), **given)[:2] == (enter, leave)
