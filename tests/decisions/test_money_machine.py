"""Money under any sequence of acts: after each, the pots equal the awards in them and hold no more."""

from collections.abc import Callable
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine
from sqlmodel import col, select

from app.accounts.actors import Coordinator
from app.database import session_on
from app.decisions.awards import AwardInput, award_application, change_award, draw_line, withdraw_award
from app.decisions.departures import DepartureInput, explain_departure, take_back_departure
from app.decisions.line import rounds
from app.errors import Conflict, Invalid, NotFound
from app.models.applications import Application
from app.models.calls import AwardRound
from app.models.decisions import Award, Departure
from tests.decisions.scored import REASON, ranked_call, second_round
from tests.factories import REVIEWING
from tests.world import World

COUNT = 9
APPLICATION = st.integers(0, COUNT - 1)
POT = st.integers(0, 1)
AMOUNT = st.sampled_from([1, 250_000, 500_000, 499_999, 1_000_000, 3_000_000])


class Money(RuleBasedStateMachine):
    """Acts of a coordinator on two pots; refusals are part of the game. Each run is rolled back."""

    engine: ClassVar[Engine]
    cora: ClassVar[Coordinator]
    codes: ClassVar[list[str]]
    pots: ClassVar[list[str]]

    def __init__(self) -> None:
        super().__init__()
        self.session = session_on(self.engine)
        self.session.begin()

    def teardown(self) -> None:
        self.session.rollback()
        self.session.close()

    def act(self, act: Callable[..., object], *arguments: object) -> None:
        nested = self.session.begin_nested()
        try:
            act(self.session, self.cora, *arguments, REVIEWING)
            self.session.flush()
            nested.commit()
        except (Conflict, Invalid, NotFound):
            nested.rollback()

    @rule(application=APPLICATION, pot=POT, amount=st.none() | AMOUNT, reason=st.sampled_from(["", REASON]))
    def award(self, application: int, pot: int, amount: int | None, reason: str) -> None:
        given = AwardInput(application=self.codes[application], amount_minor=amount, reason=reason)
        self.act(award_application, self.pots[pot], given)

    @rule(application=APPLICATION, amount=AMOUNT, late=st.booleans())
    def change(self, application: int, amount: int, late: bool) -> None:
        self.act(change_award, self.codes[application], self.version(application) - late, amount)

    @rule(application=APPLICATION, late=st.booleans())
    def withdraw(self, application: int, late: bool) -> None:
        self.act(withdraw_award, self.codes[application], self.version(application) - late)

    @rule(pot=POT)
    def draw(self, pot: int) -> None:
        self.act(draw_line, self.pots[pot])

    @rule(application=APPLICATION, pot=POT)
    def explain(self, application: int, pot: int) -> None:
        given = DepartureInput(application=self.codes[application], reason=REASON)
        self.act(explain_departure, self.pots[pot], given)

    @rule(application=APPLICATION, pot=POT)
    def take_back(self, application: int, pot: int) -> None:
        self.act(take_back_departure, self.pots[pot], self.codes[application])

    def version(self, application: int) -> int:
        found = self.session.exec(
            select(Award.version)
            .join(Application, col(Application.id) == Award.application_id)
            .where(Application.code == self.codes[application])
        ).one_or_none()
        return found or 1

    @invariant()
    def pots_equal_the_awards_in_them_and_hold_no_more(self) -> None:
        self.session.expire_all()
        awards = self.session.exec(select(Award)).all()
        for pot in self.session.exec(select(AwardRound)):
            own = [each.amount_minor or 0 for each in awards if each.round_id == pot.id]
            assert (pot.taken, pot.committed_minor) == (len(own), sum(own))
            assert pot.taken <= pot.places
            assert pot.envelope_minor is not None and pot.committed_minor <= pot.envelope_minor
        assert len({each.application_id for each in awards}) == len(awards)
        assert all(type(each.amount_minor) is int and each.amount_minor > 0 for each in awards)

    @invariant()
    def the_line_never_promises_more_than_fits(self) -> None:
        reasons = set(self.session.exec(select(Departure.application_id, Departure.round_id)))
        for pot in rounds(self.session, self.cora):
            above = [row for row in pot.rows if row.above_line]
            assert len([row for row in above if not row.awarded]) <= max(0, pot.free) or pot.unexplained
            assert not any(row.elsewhere for row in above)
            assert all(not row.needs_reason for row in pot.rows if row.reason)
        assert len(reasons) <= COUNT * 2


@pytest.mark.slow
def test_pots_equal_the_awards_in_them_whatever_is_done(engine: Engine, world: World) -> None:
    with session_on(engine) as session, session.begin():
        codes = ranked_call(session, world, COUNT)
        pots = [world.round.code, second_round(session, world, places=2, envelope=1_200_000)]
    here = {"engine": engine, "cora": world.coordinator(), "codes": codes, "pots": pots}
    run_state_machine_as_test(
        type("MoneyHere", (Money,), here),
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
