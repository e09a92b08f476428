"""A few of the demo's proposals are sent twice, by two people who share a telephone, as it happens."""

from collections.abc import Sequence
from dataclasses import replace

from app.demo.corpus import Proposal


def sent_again(written: Sequence[Proposal], places: Sequence[int], at: int | None = None) -> list[Proposal]:
    """The same proposals, of which those at these places are sent again by whoever plans the same idea.

    Who applies, the title and the summary stay, all else is copied but for the telephone, which is theirs
    both. With `at` the copy is moved there, so that it is among those that are sent.
    """
    found = list(written)
    for place in places:
        one = found[place]
        twin = next(there for there, each in enumerate(found) if _same_idea(each, one))
        copy = _copied(one, found.pop(twin))
        found.insert(twin if at is None else at, copy)
    return found


def _same_idea(one: Proposal, other: Proposal) -> bool:
    return one.key != other.key and one.key.rpartition("-")[0] == other.key.rpartition("-")[0]


def _copied(one: Proposal, again: Proposal) -> Proposal:
    own = again.sections["brief"]
    brief = {**one.sections["brief"], "title": own["title"], "summary": own["summary"]}
    team = {**again.sections["team"], "phone": one.sections["team"]["phone"]}
    return replace(again, quality=one.quality, sections={**one.sections, "team": team, "brief": brief})
