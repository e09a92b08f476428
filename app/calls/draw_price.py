"""What drawing lots at the line would cost a call, said while it is set up: from simulated calls."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from app.calls.setup_view import CallSetup

if TYPE_CHECKING:
    from app.scoring.lottery_planning import PlannedPrice

GUESSED_APPLICATIONS, GUESSED_PLACES, GUESSED_REVIEWS, REVIEWERS_EACH = 100, 10, 4, 3
"""Before a call opens nobody knows how many apply; what the setup does not say yet is taken so."""
MOST_PLACES = 1000


@dataclass(frozen=True, slots=True)
class DrawPrice:
    """With so many `applications`, `places` and `reviews` of each: how many of the chosen are truly among as
    many best, by the `order` alone and where lots are `drawn` at its line."""

    applications: int
    places: int
    reviews: int
    order: float
    drawn: float


def draw_price(setup: CallSetup) -> DrawPrice:
    """Of a call as it is set up now; the same question has the same answer, and is kept."""
    promised = sum(each.least_places or each.places for each in setup.rounds.rounds)
    places = min(promised or GUESSED_PLACES, MOST_PLACES)
    organisations = len(setup.organisations.organisations)
    reviews = setup.scoring.reviews_per_application or organisations or GUESSED_REVIEWS
    reviewers = max(reviews, REVIEWERS_EACH * (organisations or GUESSED_REVIEWS))
    applications = max(GUESSED_APPLICATIONS, 2 * places)
    found = _planned(applications, places, reviewers, reviews)
    return DrawPrice(applications, places, reviews, found.order, found.drawn)


@lru_cache(maxsize=64)
def _planned(applications: int, places: int, reviewers: int, reviews: int) -> "PlannedPrice":
    # The arithmetic brings a large library along, which only who asks should load.
    from app.scoring.lottery_planning import planned_price

    return planned_price(applications=applications, chosen=places, reviewers=reviewers, reviews=reviews)
