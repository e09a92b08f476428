"""Who reads what, so that everybody of an organisation reads about as much. Pure: codes in, pairs out.

Within one organisation this is the classical balancing of unit jobs: each application goes to the
least loaded reviewer that can be reached by handing new work on, which keeps the loads as even as the
ties allow (Harvey, Ladner, Lovász and Tamir, "Semi-matchings for bipartite graphs and load balancing").
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

Pair = tuple[str, str]
Chance = Callable[[str, str], str]
"""(who, application) -> a sort key like chance, but always the same."""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What there is to distribute, all of it by code.

    `benches`: organisation -> its reviewers. `loads`: reviewer -> applications they already have.
    `covered`: (organisation, application) that need nobody. `barred`: (reviewer, application) never to be.
    """

    applications: Sequence[str]
    benches: Mapping[str, Sequence[str]]
    loads: Mapping[str, int] = field(default_factory=dict)
    covered: Collection[Pair] = frozenset()
    barred: Collection[Pair] = frozenset()


def distribute(panel: Panel, chance: Chance, wanted: int | None = None) -> list[Pair]:
    """New pairs (reviewer, application) that fill the holes and touch nothing that is there.

    Every organisation covers every application; with `wanted`, each application gets that many
    different organisations, those that have least to do first.
    """
    order = sorted(panel.applications, key=lambda application: chance("", application))
    pairs: list[Pair] = []
    for organisation, applications in _holes(panel, order, chance, wanted).items():
        pairs += _Bench(panel, panel.benches[organisation], chance).fill(applications)
    return pairs


def _holes(panel: Panel, order: Sequence[str], chance: Chance, wanted: int | None) -> dict[str, list[str]]:
    """Organisation -> the applications that it is now to cover."""
    if wanted is None:
        return {
            organisation: [each for each in order if (organisation, each) not in panel.covered]
            for organisation in panel.benches
        }
    burden = {
        organisation: sum(panel.loads.get(reviewer, 0) for reviewer in bench)
        for organisation, bench in panel.benches.items()
    }
    holes: dict[str, list[str]] = {organisation: [] for organisation in panel.benches}
    for application in order:
        have = [
            organisation for organisation in panel.benches if (organisation, application) in panel.covered
        ]
        able = [
            organisation
            for organisation, bench in panel.benches.items()
            if organisation not in have and any((each, application) not in panel.barred for each in bench)
        ]
        able.sort(
            key=lambda each: (Fraction(burden[each], len(panel.benches[each])), chance(each, application))
        )
        for organisation in able[: max(0, wanted - len(have))]:
            holes[organisation].append(application)
            burden[organisation] += 1
    return holes


class _Bench:
    """The reviewers of one organisation while its applications are given out."""

    def __init__(self, panel: Panel, reviewers: Sequence[str], chance: Chance) -> None:
        self.barred = panel.barred
        self.chance = chance
        self.load = {reviewer: panel.loads.get(reviewer, 0) for reviewer in reviewers}
        self.given: dict[str, list[str]] = {reviewer: [] for reviewer in reviewers}

    def fill(self, applications: Sequence[str]) -> list[Pair]:
        """Give out all of them; one for which everybody is barred stays a hole."""
        for application in applications:
            self._give(application)
        return [(reviewer, each) for reviewer, given in self.given.items() for each in given]

    def _able(self, application: str) -> list[str]:
        return [reviewer for reviewer in self.given if (reviewer, application) not in self.barred]

    def _give(self, application: str) -> None:
        able = self._able(application)
        if not able:
            return
        lightest = min(able, key=lambda each: (self.load[each], self.chance(each, application)))
        if self.load[lightest] > min(self.load.values()):
            lightest = self._made_room(able, lightest)
        self.given[lightest].append(application)
        self.load[lightest] += 1

    def _made_room(self, able: Sequence[str], lightest: str) -> str:
        """One of `able` after handing new work on, application by application, to who has less."""
        handed: dict[str, tuple[str, str] | None] = dict.fromkeys(able)
        queue = list(able)
        for giver in queue:
            for application in self.given[giver]:
                for taker in self._able(application):
                    if taker not in handed:
                        handed[taker] = (giver, application)
                        queue.append(taker)
        end = min(handed, key=lambda each: (self.load[each], each))
        if self.load[end] >= self.load[lightest]:
            return lightest
        while (step := handed[end]) is not None:
            giver, application = step
            self.given[giver].remove(application)
            self.given[end].append(application)
            self.load[giver] -= 1
            self.load[end] += 1
            end = giver
        return end
