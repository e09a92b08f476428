"""Calls whose truth is known: qualities, who reads what, and what they give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.scoring.calibration import Rating

APPLICATIONS = 253
Numbers = NDArray[np.float64]
Places = NDArray[np.int64]

NEURIPS = (1.278, 0.240, 1.268)
"""Variances of quality, leniency and chance among a large conference's reviews (Lawrence 2014)."""
STRONG = (1.0, 1.0, 1.0)
QUALITY = 12.0
"""The standard deviation of quality, in points of 100."""


@dataclass(frozen=True)
class Truth:
    """One simulated call: the qualities by code, the reviews, and the stratum of each application."""

    quality: Mapping[str, float]
    ratings: Sequence[Rating]
    strata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of call. `variances` of quality, leniency and chance, in any unit.

    `reviews`: from how many to how many an application gets. `whole`: four criteria in whole steps from 1 to
    5, cut off at the ends. `uneven`: reviewers differ in how much of the scale they use and in how much
    chance is in it. `panels`: groups of reviewers that share no application. `own`: which share of reviews
    comes from the reviewers of the application's own stratum, where there are four that differ.
    """

    name: str
    variances: tuple[float, float, float] = NEURIPS
    reviewers: int = 51
    reviews: tuple[int, int] = (5, 5)
    whole: bool = False
    uneven: bool = False
    panels: int = 1
    own: float | None = None


KINDS = [
    Kind(name="Gaussian, usual leniency"),
    Kind(name="Gaussian, strong leniency", variances=STRONG),
    Kind(name="whole steps, usual leniency", whole=True),
    Kind(name="whole steps, strong leniency", variances=STRONG, whole=True),
    Kind(name="the same, scales used unevenly", variances=STRONG, whole=True, uneven=True),
    Kind(name="three panels without common reviewers", variances=STRONG, whole=True, panels=3),
    Kind(name="253 reviewers with 5 each, strong leniency", variances=STRONG, whole=True, reviewers=253),
    Kind(name="253 reviewers with 5 each, usual leniency", whole=True, reviewers=253),
    Kind(name="2 to 5 reviews", variances=STRONG, whole=True, reviews=(2, 5)),
    Kind(name="126 reviewers, 2 to 5 reviews", variances=STRONG, whole=True, reviewers=126, reviews=(2, 5)),
    Kind(name="strata differ, 70 % of reviews from the own one", variances=STRONG, own=0.7),
    Kind(name="strata differ, 90 % of reviews from the own one", variances=STRONG, own=0.9),
]


def simulated(kind: Kind, seed: int) -> Truth:
    """One call of a kind; the same seed gives the same call."""
    random = np.random.default_rng([seed, len(kind.name)])
    unit = QUALITY / np.sqrt(kind.variances[0])
    quality = random.normal(0, QUALITY, APPLICATIONS)
    stratum = np.arange(APPLICATIONS) % 4
    if kind.own is not None:
        quality += QUALITY * np.array([-1.0, -0.3, 0.3, 1.0])[stratum]
    lenient = random.normal(0, unit * np.sqrt(kind.variances[1]), kind.reviewers)
    uneven = 1.0 if kind.uneven else 0.0
    stretch = np.exp(0.3 * uneven * random.normal(size=kind.reviewers))
    chance = unit * np.sqrt(kind.variances[2]) * np.exp(0.3 * uneven * random.normal(size=kind.reviewers))
    numbers = random.integers(kind.reviews[0], kind.reviews[1] + 1, APPLICATIONS)
    reads = _who_reads(kind, numbers, stratum, random)
    own, who = np.repeat(np.arange(APPLICATIONS), numbers), np.concatenate(reads)
    latent = 55 + stretch[who] * quality[own] + lenient[who] + random.normal(size=len(own)) * chance[who]
    values = _in_steps(latent, random) if kind.whole else latent
    codes = [f"a{n:03}" for n in range(APPLICATIONS)]
    return Truth(
        quality=dict(zip(codes, quality.tolist(), strict=True)),
        ratings=[
            Rating(codes[a], f"r{r:03}", value)
            for a, r, value in zip(own.tolist(), who.tolist(), values.tolist(), strict=True)
        ],
        strata={}
        if kind.own is None
        else {code: f"s{each}" for code, each in zip(codes, stratum, strict=True)},
    )


def _in_steps(latent: Numbers, random: np.random.Generator) -> Numbers:
    """Four criteria that vary around the whole, each from 1 to 5, as points of 100."""
    around = latent[:, None] + random.normal(0, 8, (len(latent), 4))
    steps = np.clip(np.round(1 + around / 25), 1, 5)
    found: Numbers = 25 * (steps.mean(axis=1) - 1)
    return found


def _who_reads(kind: Kind, numbers: Places, stratum: Places, random: np.random.Generator) -> Sequence[Places]:
    """The reviewers of each application: those of its group who read least so far, by chance among equals."""
    loads = np.zeros(kind.reviewers)
    everybody = np.arange(kind.reviewers)
    group_of = everybody % (4 if kind.own is not None else kind.panels)
    found: list[Places] = [np.empty(0, dtype=np.int64)] * len(numbers)
    for application in random.permutation(len(numbers)):
        if kind.own is not None:
            inside = random.binomial(numbers[application], kind.own)
            own = _least(everybody[group_of == stratum[application]], loads, inside, random)
            others = everybody[group_of != stratum[application]]
            chosen = np.concatenate([own, _least(others, loads, numbers[application] - inside, random)])
        else:
            chosen = _least(
                everybody[group_of == application % kind.panels], loads, numbers[application], random
            )
        loads[chosen] += 1
        found[application] = chosen
    return found


def _least(some: Places, loads: Numbers, number: int, random: np.random.Generator) -> Places:
    keys = loads[some] + 0.5 * random.random(len(some))
    return some[np.argsort(keys, kind="stable")[:number]]
