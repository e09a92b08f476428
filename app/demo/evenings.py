"""The evening of 13 April 2019 to be replayed: its six winners wait behind the curtain, as they did that day.

Nobody has a score here, and no running order is known: none was published, and real winners get no invented
ones. The same evening with invented teams, from the first pitch to publication, is in `nights`.
"""

from datetime import timedelta

from sqlmodel import Session

from app.accounts.actors import Coordinator, Manager
from app.calls.inputs import RoundInput
from app.calls.texts import ShortTexts
from app.decisions.archive import PastWinner, record_past_results
from app.demo.calls import AWARD_MINOR, open_at, pot_code, set_up_call
from app.demo.facts import facts, on

YEAR = "2019"


def replay_call(session: Session, manager: Manager) -> Coordinator:
    """Decided and not announced: a coordinator reveals on the stage's page."""
    slug = f"{YEAR}-evening"
    past, evening = facts()["calls"][YEAR], facts()["evenings"][slug]
    held_at, opens_at = on(past["held"], 18), on(past["opens"])
    pot = RoundInput(
        name=ShortTexts(**past["round"]),
        event=ShortTexts(**past["event"]),
        held_at=held_at,
        places=evening["places"],
        amount_minor=AWARD_MINOR,
        envelope_minor=AWARD_MINOR * evening["places"],
    )
    before = opens_at - timedelta(days=1)
    coordinator = set_up_call(
        session,
        manager,
        slug=slug,
        prefix=evening["prefix"],
        title=evening["title"],
        purpose=evening["purpose"],
        opens_at=opens_at,
        closes_at=on(past["closes"], 18),
        rounds=[pot],
        now=before,
    )
    open_at(session, coordinator, before)
    # The one entered last is revealed last: the first of the six.
    winners = [*reversed(_real(evening["amount_minor"]))]
    record_past_results(
        session,
        coordinator,
        pot_code(session, coordinator),
        winners,
        held_at,
        past_numbers=past.get("numbers"),
        announced=False,
    )
    return coordinator


def _real(amount_minor: int) -> list[PastWinner]:
    return [
        PastWinner(
            title=each["title"],
            summary=each["summary"]["ru"],
            summaries=each["summary"],
            theme=each["theme"],
            language="ru",
            amount_minor=amount_minor,
        )
        for each in facts()["winners"][YEAR]
    ]
