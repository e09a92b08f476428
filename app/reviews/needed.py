"""How many reviews a call needs: what each number of them finds, simulated before anybody has applied.

Nothing here is stored, and no real application or review is read: of an earlier call only how far its
reviews spread, once its results are public.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.actors import Coordinator
from app.asking import Ask
from app.errors import Invalid
from app.models.applications import Application
from app.models.calls import AwardRound, Call
from app.models.columns import Texts
from app.models.decisions import RankingRun
from app.models.panel import CallOrganisation, PanelMember, PanelRole
from app.reviews.pace import MINUTES
from app.scoring.methods import Method

if TYPE_CHECKING:
    from app.scoring.planning import Planned, Spread

MOST_REVIEWS = 8
GUESSED_APPLICATIONS, GUESSED_CHOSEN, REVIEWERS_EACH = 100, 10, 3
"""What is proposed while a call has neither applications, nor rounds, nor reviewers."""
LEAST_SPREAD = 0.1
"""In points of 100. A call whose reviews spread less than this in one of the three ways teaches nothing."""


LEAST_EARLIER = 50
"""Of so many applications a variance is known to within a fifth, sqrt(2 / (n - 1)); an earlier call with
fewer is offered, and not proposed."""


class Agreeing(StrEnum):
    """How far the reviewers of a call may be expected to agree."""

    USUAL = "usual"
    MORE = "more"
    LESS = "less"
    EARLIER = "earlier"


SHARES = {Agreeing.MORE: (0.6, 0.05), Agreeing.LESS: (0.25, 0.2)}
"""Of the variance of one review's score: what quality and what leniency make up; the rest is chance."""


class NeededInput(BaseModel):
    """What is asked: so many applications, of which so many are chosen, read by so many reviewers."""

    model_config = ConfigDict(extra="forbid")
    applications: Annotated[int, Field(ge=2, le=3000), Ask("number", width="short", inputmode="numeric")]
    chosen: Annotated[int, Field(ge=1, le=1000), Ask("number", width="short", inputmode="numeric")]
    reviewers: Annotated[int, Field(ge=1, le=300), Ask("number", width="short", inputmode="numeric")]
    agreeing: Annotated[Agreeing, Ask("radios", choices="agreeing")] = Agreeing.USUAL


class NeededRow(BaseModel):
    """What `reviews` of each application give.

    `total`: reviews in all; `load`: the most that one reviewer reads, `minutes` for it. `found`: how many of
    the chosen are truly among as many best ones, on average, by the method that the call publishes; nine
    times in ten between `least` and `most`. `share`: the same in whole percent of the chosen. `by_method`:
    as `found`, by each method.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    reviews: int
    total: int
    load: int
    minutes: int
    found: float
    least: int
    most: int
    share: int
    by_method: dict[Method, float]


class Needed(BaseModel):
    """The answer. `now`: so many reviews the call's setup gives each application; `method` is its published
    one, or as it is set up so far.

    `earlier` is the title of the last call with public results that this coordinator ran, where there is one,
    and `earlier_applications` how many were ordered in it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    asked: NeededInput
    rows: list[NeededRow]
    now: int
    method: Method
    earlier: Texts | None
    earlier_applications: int | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """How far the reviews of an earlier call spread: standard deviations in points of 100."""

    title: Texts
    applications: int
    quality: float
    leniency: float
    noise: float

    @property
    def is_small(self) -> bool:
        """Whether too few applications were ordered for their spread to be known."""
        return self.applications < LEAST_EARLIER


def proposed(session: Session, coordinator: Coordinator) -> NeededInput:
    """What the call itself says so far, for who has not asked anything yet."""
    call = col(Application.call_id) == coordinator.call_id
    applications = session.execute(
        select(func.count()).where(call, col(Application.counts_number).is_not(None))
    ).scalar_one()
    places = session.execute(
        # Where there are pitches, reviews choose the finalists.
        select(func.sum(func.coalesce(AwardRound.finalists, AwardRound.places))).where(
            col(AwardRound.call_id) == coordinator.call_id
        )
    ).scalar_one()
    reviewers = session.execute(
        select(func.count()).where(
            col(PanelMember.call_id) == coordinator.call_id,
            col(PanelMember.role) == PanelRole.REVIEWER,
            col(PanelMember.removed_at).is_(None),
        )
    ).scalar_one()
    begun = session.scalars(
        select(col(Call.reviewing_opened_at)).where(col(Call.id) == coordinator.call_id)
    ).one()
    earlier = earlier_call(session, coordinator)
    # Until reviewing opens more may come, and then nothing is left to plan for fewer than two.
    expected = min(max(applications, 2 if begun else GUESSED_APPLICATIONS), 3000)
    return NeededInput(
        applications=expected,
        chosen=min(int(places or GUESSED_CHOSEN), expected - 1),
        reviewers=min(reviewers or REVIEWERS_EACH * max(1, _organisations(session, coordinator)), 300),
        agreeing=Agreeing.USUAL if earlier is None or earlier.is_small else Agreeing.EARLIER,
    )


def needed(session: Session, coordinator: Coordinator, asked: NeededInput) -> Needed:
    """What one to eight reviews of each application find; Invalid where nothing would be chosen from."""
    earlier = earlier_call(session, coordinator)
    if asked.chosen >= asked.applications:
        raise Invalid({"chosen": ("needed.all_chosen", {})})
    if asked.agreeing is Agreeing.EARLIER and earlier is None:
        raise Invalid({"agreeing": ("needed.no_earlier", {})})
    planned = _planned(asked.applications, asked.chosen, asked.reviewers, _spread(asked.agreeing, earlier))
    reviews, method = _set_up(session, coordinator)
    return Needed(
        asked=asked,
        rows=[_row(each, asked.chosen, method) for each in planned],
        now=reviews,
        method=method,
        earlier=earlier.title if earlier else None,
        earlier_applications=earlier.applications if earlier else None,
    )


def earlier_call(session: Session, coordinator: Coordinator) -> Earlier | None:
    """The last call with public results that the same person ran, if its reviews could be compared."""
    rows = session.execute(
        select(col(Call.title), col(RankingRun.summary))
        .join(Call, col(Call.id) == col(RankingRun.call_id))
        .join(PanelMember, col(PanelMember.call_id) == col(Call.id))
        .where(
            col(PanelMember.person_id) == coordinator.person_id,
            col(PanelMember.role) == PanelRole.COORDINATOR,
            col(PanelMember.removed_at).is_(None),
            col(Call.id) != coordinator.call_id,
            col(Call.published_at).is_not(None),
        )
        .order_by(col(Call.published_at).desc(), col(RankingRun.number).desc())
        .limit(1)
    ).first()
    spreads = rows.summary.get("spreads") if rows else None
    if rows is None or spreads is None:
        return None
    quality, leniency, noise = (max(float(spreads[name]), LEAST_SPREAD) for name in ("tau", "ups", "sigma"))
    return Earlier(rows.title, rows.summary.get("applications", 0), quality, leniency, noise)


def _spread(agreeing: Agreeing, earlier: Earlier | None) -> "Spread":
    # The arithmetic brings a large library along, which only who asks should load.
    from app.scoring.planning import USUAL, Spread

    if agreeing is Agreeing.EARLIER and earlier is not None:
        return Spread(earlier.quality, earlier.leniency, earlier.noise)
    return Spread.of(*SHARES[agreeing]) if agreeing in SHARES else USUAL


@lru_cache(maxsize=64)
def _planned(applications: int, chosen: int, reviewers: int, spread: "Spread") -> "tuple[Planned, ...]":
    """The same question has the same answer, and takes most of a second: it is kept."""
    from app.scoring.planning import plan

    counts = range(1, min(MOST_REVIEWS, reviewers) + 1)
    return tuple(
        plan(applications=applications, chosen=chosen, reviewers=reviewers, reviews=counts, spread=spread)
    )


def _row(planned: "Planned", chosen: int, method: Method) -> NeededRow:
    decides = planned.found[method]
    return NeededRow(
        reviews=planned.reviews,
        total=planned.total,
        load=planned.load,
        minutes=planned.load * MINUTES,
        found=round(decides.hit_rate * chosen, 2),
        least=decides.hits[0],
        most=decides.hits[1],
        share=round(100 * decides.hit_rate),
        by_method={each: round(found.hit_rate * chosen, 2) for each, found in planned.found.items()},
    )


def _set_up(session: Session, coordinator: Coordinator) -> tuple[int, Method]:
    """How many reviews each application gets, and the method that decides."""
    fixed, method = session.execute(
        select(col(Call.reviews_per_application), col(Call.method)).where(col(Call.id) == coordinator.call_id)
    ).one()
    return fixed or _organisations(session, coordinator), method


def _organisations(session: Session, coordinator: Coordinator) -> int:
    return session.scalars(
        select(func.count()).where(col(CallOrganisation.call_id) == coordinator.call_id)
    ).one()
