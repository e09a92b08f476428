"""Which few further reviews would link groups of reviewers that share no application. Pure."""

from collections.abc import Collection, Mapping, Sequence

from app.scoring.reading import Pair


def bridges(pairs: Collection[Pair], costs: Mapping[Pair, float]) -> Sequence[Pair]:
    """The cheapest further reviews after which all reviewers can be compared: one for each group but one.

    `pairs` are the reviews there are. `costs` has every further (reviewer, application) that may come about,
    with what it costs, in any unit (how many a reviewer reads already, say); of equal costs the first by code
    is taken. Where none of them leads from a group to another, those stay apart, and what can be linked is.
    Reviewers and applications are the ends of a graph, so that the sum of the costs is the least possible.
    Source: Kruskal, "On the shortest spanning subtree of a graph" (1956).
    """
    leads: dict[tuple[str, str], tuple[str, str]] = {}

    def group(end: tuple[str, str]) -> tuple[str, str]:
        leads.setdefault(end, end)
        while leads[end] != end:
            leads[end] = leads[leads[end]]
            end = leads[end]
        return end

    def linked(pair: Pair) -> bool:
        """Whether this pair links two groups that were apart until now."""
        one, other = group(("reviewer", pair[0])), group(("application", pair[1]))
        leads[one] = other
        return one != other

    read = set(pairs)
    for pair in sorted(read):
        linked(pair)
    reviewers = {reviewer for reviewer, _ in read}
    applications = {application for _, application in read}
    return [
        pair
        for pair in sorted(costs, key=lambda each: (costs[each], each))
        if pair[0] in reviewers and pair[1] in applications and linked(pair)
    ]
