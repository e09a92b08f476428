"""How many reviews a call needs: what is proposed, what is refused, and whose earlier call teaches."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from app.errors import Invalid
from app.models.calls import AwardRound, Call
from app.models.decisions import RankingRun
from app.models.panel import PanelMember, PanelRole
from app.reviews.needed import Agreeing, NeededInput, needed, proposed
from app.scoring.methods import Method
from app.scoring.planning import USUAL, plan
from tests.world import NOW, World, key, make_call

ASKED = NeededInput(applications=60, chosen=6, reviewers=12)


def ran_before(session: Session, world: World, *, public: bool = True, applications: int = 60) -> Call:
    """A call of the past which Cora ran, whose reviews hardly say anything of quality."""
    call = make_call(session, "2019")
    call.published_at = NOW - timedelta(days=400) if public else None
    session.add(call)
    session.flush()
    cora = world.people["cora"]
    session.add(
        PanelMember(
            code="EARLIER1", call_id=key(call), person_id=key(cora), role=PanelRole.COORDINATOR, joined_at=NOW
        )
    )
    session.add(
        RankingRun(
            call_id=key(call), number=1, computed_at=NOW, computed_by=key(cora), method=Method.CALIBRATED,
            input_hash="0" * 64, order=[], summary={
                "spreads": {"tau": "2", "ups": "5", "sigma": "20"}, "applications": applications,
            },
        )
    )  # fmt: skip
    session.flush()
    return call


def test_each_number_of_reviews_is_the_simulations(session: Session, world: World) -> None:
    found = needed(session, world.coordinator(), ASKED)
    planned = plan(applications=60, chosen=6, reviewers=12, reviews=range(1, 9), spread=USUAL)
    assert found.method is world.call.method is Method.MEAN_OF_MEANS
    for method in Method:
        session.get_one(Call, key(world.call)).method = method
        session.flush()
        found = needed(session, world.coordinator(), ASKED)
        assert [(row.reviews, row.total, row.found, row.least, row.most) for row in found.rows] == [
            (each.reviews, 60 * each.reviews, round(6 * own.hit_rate, 2), *own.hits)
            for each in planned
            for own in [each.found[method]]
        ], "what the call publishes decides, and is what is told"
        assert all(row.by_method[method] == row.found for row in found.rows)
    assert {row.by_method[Method.CALIBRATED] for row in found.rows} == {row.found for row in found.rows}
    assert found.rows[3].by_method[Method.MEDIAN] < found.rows[3].by_method[Method.CALIBRATED]
    assert found.now == 4, "one of each partner organisation"
    assert found.rows[3].minutes == 20 * 8
    session.get_one(Call, key(world.call)).reviews_per_application = 2
    session.flush()
    assert needed(session, world.coordinator(), ASKED).now == 2


def test_what_the_call_says_is_proposed(session: Session, world: World) -> None:
    given = proposed(session, world.coordinator())
    assert (given.applications, given.chosen, given.agreeing) == (100, world.round.places, Agreeing.USUAL)


def test_nothing_is_chosen_where_all_are(session: Session, world: World) -> None:
    with pytest.raises(Invalid) as refused:
        needed(session, world.coordinator(), ASKED.model_copy(update={"chosen": 60}))
    assert refused.value.fields == {"chosen": ("needed.all_chosen", {})}


def test_an_earlier_call_teaches_once_its_results_are_public(session: Session, world: World) -> None:
    asked = ASKED.model_copy(update={"agreeing": Agreeing.EARLIER})
    secret = ran_before(session, world, public=False)
    with pytest.raises(Invalid) as refused:
        needed(session, world.coordinator(), asked)
    assert refused.value.fields == {"agreeing": ("needed.no_earlier", {})}
    secret.published_at = NOW
    session.flush()
    found = needed(session, world.coordinator(), asked)
    assert found.earlier == secret.title
    assert found.rows[3].found < needed(session, world.coordinator(), ASKED).rows[3].found
    assert proposed(session, world.coordinator()).agreeing is Agreeing.EARLIER
    assert found.earlier_applications == 60


def test_an_earlier_call_of_few_is_offered_and_not_proposed(session: Session, world: World) -> None:
    ran_before(session, world, applications=12)
    assert proposed(session, world.coordinator()).agreeing is Agreeing.USUAL
    found = needed(session, world.coordinator(), ASKED.model_copy(update={"agreeing": Agreeing.EARLIER}))
    assert found.earlier_applications == 12


def test_where_there_are_pitches_reviews_choose_the_finalists(session: Session, world: World) -> None:
    pot = session.get_one(AwardRound, key(world.round))
    pot.finalists, pot.pitch_weight = 20, 50
    session.flush()
    assert proposed(session, world.coordinator()).chosen == 20
