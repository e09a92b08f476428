"""The problem of who reads what, and its variables. Pure; everything is named by code."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.scoring.flows import Flows, Row

Pair = tuple[str, str]
"""(reviewer, application)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One reviewer: for whom they speak, and from `least` to `most` how many applications they read in all.

    `most` None: any number. What is pinned counts, and is kept even above `most`. ValueError where they
    contradict each other.
    """

    organisation: str
    most: int | None = None
    least: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.least <= (self.least if self.most is None else self.most):
            raise ValueError(f"from {self.least} to {self.most} is no range")


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """`number` reviews of one application: by as many different organisations, or by the one named."""

    application: str
    number: int = 1
    organisation: str | None = None


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is to be assigned.

    `barred` pairs never come about. `unwanted` pairs do not either, but may be proposed as a way out (who
    does not read the language, say). `pinned` pairs are there already: they stay, and count everywhere.
    `fits` (higher is better, absent is 0, compared in thousandths) says how well a pair fits.
    `organisation_most` caps what an organisation reads in all. No new pair gives an application a second
    reader of one organisation.
    """

    readers: Mapping[str, Reader]
    needs: Sequence[Need]
    barred: Collection[Pair] = frozenset()
    unwanted: Collection[Pair] = frozenset()
    pinned: Collection[Pair] = frozenset()
    fits: Mapping[Pair, float] = field(default_factory=dict)
    organisation_most: Mapping[str, int] = field(default_factory=dict)


class Way(StrEnum):
    """What can give when not every need can be filled."""

    MISSING = "missing"  # a need stays unfilled
    MORE = "more"  # a reviewer reads more than they can
    ORGANISATION_MORE = "organisation_more"  # an organisation reads more than its cap
    FEWER = "fewer"  # a reviewer reads less than they are to
    UNWANTED = "unwanted"  # an unwanted pair comes about


Place = tuple[Way, str, str]
"""The way, whom it is about (a reviewer or an organisation, or nobody), and which application, if one."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A problem as the variables of a network.

    First one for each possible pair, then one for each step of each load, then what is spare. `ways` says
    which variables give way, and how.
    """

    pairs: Sequence[Pair]
    steps: Sequence[int]
    lower: Sequence[int]
    upper: Sequence[int]
    rows: Sequence[Row]
    ways: Mapping[int, Place]

    def flows(self) -> Flows:
        """All assignments that the problem allows."""
        return Flows.of(self.lower, self.upper, self.rows)


def in_order(needs: Iterable[Need]) -> Sequence[Need]:
    """Needs by application and organisation."""
    return sorted(needs, key=lambda each: (each.application, each.organisation or ""))


def plan_of(problem: Problem, ways: Collection[Way] = frozenset()) -> Plan:
    """Lay out a problem in the order of its codes; `ways` are open in it."""
    return _Layout(problem, ways).plan()


class _Layout:
    """Gives out the places of the variables while the rows are written."""

    def __init__(self, problem: Problem, ways: Collection[Way]) -> None:
        self.problem = problem
        self.open = ways
        self.ways: dict[int, Place] = {}
        self.organisation = {code: each.organisation for code, each in problem.readers.items()}
        self.pairs = sorted(self._possible())
        self.lower = [int(pair in problem.pinned) for pair in self.pairs]
        self.upper = [1] * len(self.pairs)
        self.rows: list[Row] = []
        self.of_reader: dict[str, list[int]] = defaultdict(list)
        self.of_organisation: dict[str, list[int]] = defaultdict(list)
        self.of_application: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for place, (reviewer, application) in enumerate(self.pairs):
            organisation = self.organisation[reviewer]
            self.of_reader[reviewer].append(place)
            self.of_organisation[organisation].append(place)
            self.of_application[application][organisation].append(place)

    def plan(self) -> Plan:
        steps = [step for reviewer in sorted(self.problem.readers) for step in self._load(reviewer)]
        for place in [place for place, pair in enumerate(self.pairs) if pair in self.unwanted]:
            self.ways[place] = (Way.UNWANTED, *self.pairs[place])
        for need in in_order(self.problem.needs):
            self._need(need)
        for organisations in self.of_application.values():
            for own in organisations.values():
                self._at_most(own, 1)
        for organisation, most in sorted(self.problem.organisation_most.items()):
            self._at_most(self.of_organisation[organisation], most, (Way.ORGANISATION_MORE, organisation, ""))
        return Plan(
            pairs=self.pairs,
            steps=steps,
            lower=self.lower,
            upper=self.upper,
            rows=self.rows,
            ways=self.ways,
        )

    def _possible(self) -> Iterable[Pair]:
        problem = self.problem
        asked: dict[str, set[str | None]] = defaultdict(set)
        for need in problem.needs:
            asked[need.application].add(need.organisation)
        closed = {*problem.barred, *problem.unwanted}
        if Way.UNWANTED in self.open:
            closed = set(problem.barred)
        self.unwanted = {*problem.unwanted} - {*problem.barred, *problem.pinned} - closed
        for application, organisations in asked.items():
            for reviewer, organisation in self.organisation.items():
                pair = (reviewer, application)
                wanted = None in organisations or organisation in organisations
                if pair in problem.pinned or (wanted and pair not in closed):
                    yield pair

    def _new(self, upper: int, lower: int = 0, way: Place | None = None) -> int:
        place = len(self.upper)
        self.lower.append(lower)
        self.upper.append(upper)
        if way is not None:
            self.ways[place] = way
        return place

    def _load(self, reviewer: str) -> Sequence[int]:
        """What a reviewer reads is made of steps, so that each can be dearer than the one before.

        Gives the numbers of its steps, from 1.
        """
        reader, own = self.problem.readers[reviewer], self.of_reader[reviewer]
        pinned = sum(self.lower[place] for place in own)
        most = len(own) if reader.most is None else min(max(reader.most, pinned), len(own))
        free = len(own) if Way.MORE in self.open else most
        terms = dict.fromkeys(own, 1)
        numbers = range(1, max(free, reader.least) + 1)
        for step in numbers:
            way = (Way.MORE, reviewer, "") if step > max(most, reader.least) else None
            terms[self._new(1, int(step <= reader.least), way)] = -1
        if reader.least and Way.FEWER in self.open:
            terms[self._new(reader.least, way=(Way.FEWER, reviewer, ""))] = 1
        self.rows.append((terms, 0))
        return numbers

    def _need(self, need: Need) -> None:
        """Just as many as needed; where more are pinned they are kept, and nothing is added."""
        organisations = self.of_application[need.application]
        own = (
            [place for places in organisations.values() for place in places]
            if need.organisation is None
            else organisations[need.organisation]
        )
        terms = dict.fromkeys(own, 1)
        wanted = max(need.number, sum(self.lower[place] for place in own))
        if Way.MISSING in self.open:
            way = (Way.MISSING, need.organisation or "", need.application)
            terms[self._new(wanted, way=way)] = 1
        self.rows.append((terms, wanted))

    def _at_most(self, own: Sequence[int], most: int, way: Place | None = None) -> None:
        pinned = sum(self.lower[place] for place in own)
        if len(own) <= most:
            return
        terms = {**dict.fromkeys(own, 1), self._new(len(own)): 1}
        most = max(most, pinned)
        if way is not None and way[0] in self.open:
            terms[self._new(len(own), way=way)] = -1
        self.rows.append((terms, most))
