"""Opening reviewing again: until when extra reviews are due, and what falls away and stays on record."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.decisions.closing import close_reviewing, falls_by_reopening, reopen_reviewing
from app.decisions.departures import DepartureInput, explain_departure
from app.decisions.extra import ExtrasInput, ask_for_extras
from app.decisions.fallen import fallen
from app.decisions.meeting import CaseInput, save_case
from app.errors import Invalid
from app.models.applications import Application
from app.models.decisions import MissingReview
from app.models.meeting import Outcome
from app.models.panel import PanelMember
from app.models.reviews import Assignment, Review, ReviewState
from app.pages.waiting import _reviewing
from app.reviews.digest import own_digest
from app.reviews.notices import own_notice
from app.reviews.progress import behind, desk_look, desk_progress
from app.wall import Wall, put_up
from tests.decisions.crossing import crossing_call
from tests.decisions.scored import REASON, ranked_call
from tests.factories import REVIEWING
from tests.world import World

LATER = REVIEWING + timedelta(days=35)
WHY = "The reviews cannot tell these from the line."


def missing(session: Session, world: World, code: str) -> str:
    """Rita's review of this one is not sent, and is excused in writing; her code."""
    row, key = session.exec(
        select(Review, Assignment.application_id)
        .join(Assignment, col(Assignment.id) == col(Review.assignment_id))
        .join(Application, col(Application.id) == col(Assignment.application_id))
        .where(Application.code == code, Assignment.member_id == world.members["rita"].id)
    ).one()
    row.state, row.sent_at = ReviewState.DRAFT, None
    session.add(row)
    session.add(
        MissingReview(
            application_id=key,
            organisation_id=world.members["rita"].organisation_id or 0,
            call_id=world.call.id or 0,
            reason="She fell ill in the last week.",
        )
    )
    session.flush()
    return world.members["rita"].code


def test_an_extra_review_is_due_on_the_day_that_is_asked_for_and_what_was_excused_is_not_overdue(
    session: Session, world: World
) -> None:
    codes = crossing_call(session, world)
    cora, rolf = world.coordinator(), world.members["rolf"]
    world.call.reviews_due_at = REVIEWING
    session.add(world.call)
    rita = missing(session, world, codes["steady"])
    given = ExtrasInput(reviewers={codes["unlucky"]: rolf.code}, reason=WHY)
    past = given.model_copy(update={"due_on": LATER.date() - timedelta(days=1)})
    with pytest.raises(Invalid) as refused:
        ask_for_extras(session, cora, past, LATER)
    assert refused.value.fields == {"due_on": ("extra.due_past", {})}
    ask_for_extras(session, cora, given, LATER)
    session.flush()
    session.expire_all()
    until = session.exec(select(PanelMember.due_at).where(PanelMember.code == rolf.code)).one()
    assert until and timedelta(days=6) < until - LATER < timedelta(days=8)
    person = rolf.person_id
    notice, digest = own_notice(session, person, world.call.slug), own_digest(session, person)
    assert notice and [notice.due_at, *(each.due_at for each in digest)][0] == until
    assert all(each.due_at == until for each in digest)
    for now, overdue, late in ((LATER, 0, []), (until + timedelta(hours=1), 1, [rolf.code])):
        whole, look = desk_progress(session, cora, now), desk_look(session, cora, now, most=5)
        assert (whole.missing, whole.overdue, look.standing.overdue) == (2, overdue, overdue)
        assert rita not in late
        assert [each.code for each in behind(whole, now)] == late == [each.code for each in look.behind]
        said = {item.code: item.many for item in _reviewing(look)}
        assert (said["late"], said["missing"]) == (overdue, 2 - overdue)


def test_what_opening_again_throws_away_is_counted_before_and_can_be_read_after(
    session: Session, world: World
) -> None:
    codes = ranked_call(session, world)
    cora = world.coordinator()
    passed = CaseInput(minutes="K. spoke.", outcome=Outcome.PASS_OVER, reason=REASON)
    save_case(session, cora, codes[0], 0, passed, LATER)
    save_case(session, cora, codes[1], 0, CaseInput(outcome=Outcome.AS_RANKED), LATER)
    save_case(session, cora, codes[2], 0, CaseInput(minutes="Only spoken of."), LATER)
    given = DepartureInput(application=codes[3], reason="It was withdrawn by word of mouth.")
    explain_departure(session, cora, world.round.code, given, LATER)
    session.flush()
    counted = falls_by_reopening(session, cora, LATER)
    assert (counted.cases, counted.departures) == (2, 2)
    reopen_reviewing(session, cora, "A review came late", LATER)
    session.flush()
    found = {each.application: (each.run, each.outcome, each.reason) for each in fallen(session, cora)}
    assert found == {
        codes[0]: (1, Outcome.PASS_OVER, REASON),
        codes[1]: (1, Outcome.AS_RANKED, ""),
        codes[3]: (1, None, given.reason),
    }
    close_reviewing(session, cora, LATER)
    none = falls_by_reopening(session, cora, LATER)
    assert (none.cases, none.departures) == (0, 0)
    keys = dict(session.exec(select(Application.code, Application.id)).all())
    put_up(session, Wall(frozenset({keys[codes[0]] or 0}), frozenset({codes[0]})))
    assert {each.application for each in fallen(session, cora)} == {codes[1], codes[3]}
