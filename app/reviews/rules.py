"""By which rules an assignment is proposed, and the problem that they make of a room."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.asking import Ask
from app.reviews.room import Member, Pair, Paper, Room

if TYPE_CHECKING:
    from app.scoring.reading import Need, Problem

MOST = 10_000

KNOWS_THEME = 2.0
NAMED_LANGUAGE = 1.0


def _nothing_typed(given: Any) -> Any:
    return None if given == "" else given


Most = Annotated[int, Field(ge=1, le=MOST)]


class AssignmentRules(BaseModel):
    """What a proposal heeds beside the call's own rule, ties and what is given out already.

    `languages`: nobody reads a language that they did not name, where they named any. `topics`: whoever
    knows the theme comes first. `capacity`: nobody gets more than they said they can. `most` is for those who
    said nothing; `organisation_most` caps what a partner organisation reads in all, by its code. `connected`:
    all reviewers hang together by what they share, so that strict and mild ones can be told apart.
    """

    model_config = ConfigDict(extra="forbid")
    languages: Annotated[bool, Ask("checkboxes", optional=True)] = True
    topics: Annotated[bool, Ask("checkboxes", optional=True)] = True
    capacity: Annotated[bool, Ask("checkboxes", optional=True)] = True
    connected: Annotated[bool, Ask("checkboxes", optional=True)] = True
    most: Annotated[Most | None, Ask("number", optional=True, width="short", inputmode="numeric")] = None
    organisation_most: Annotated[Mapping[str, Most], Field(max_length=50), Ask("rows")] = {}


def _only_typed(given: Any) -> Any:
    return {name: cap for name, cap in given.items() if cap != ""} if isinstance(given, dict) else given


class TypedRules(AssignmentRules):
    """The same from a form, in which a box without a tick is sent as nothing."""

    languages: Annotated[bool, Ask("checkboxes", optional=True)] = False
    topics: Annotated[bool, Ask("checkboxes", optional=True)] = False
    capacity: Annotated[bool, Ask("checkboxes", optional=True)] = False
    connected: Annotated[bool, Ask("checkboxes", optional=True)] = False
    most: Annotated[
        Most | None,
        BeforeValidator(_nothing_typed),
        Ask("number", optional=True, width="short", inputmode="numeric"),
    ] = None
    organisation_most: Annotated[
        Mapping[str, Most], Field(max_length=50), BeforeValidator(_only_typed), Ask("rows")
    ] = {}


def problem_of(
    room: Room,
    rules: AssignmentRules,
    *,
    kept: Collection[Pair] = (),
    closed: Collection[Pair] = (),
    handed_on: Collection[Pair] = (),
) -> "Problem":
    """What there is to assign: every organisation reads every application, or `room.wanted` of them do.

    What stands is pinned; a review that was sent stands even when its reviewer has left. `kept` pairs are
    pinned too, `closed` ones do not come about. What is `handed_on` stands no longer, and whoever hands on
    gets nothing new, unless it was closed to them one by one.
    """
    from app.scoring.reading import Problem, Reader

    standing = [row for row in room.standing() if (row.member, row.application) not in handed_on]
    gone = {row.member: row.organisation for row in standing if row.member not in room.members}
    handing = {pair[0] for pair in handed_on if pair not in closed}
    pinned = {(row.member, row.application) for row in standing} | {*kept}
    readers = {
        code: Reader(organisation=each.organisation, most=None if code in handing else _most(each, rules))
        for code, each in room.members.items()
    } | {code: Reader(organisation=organisation) for code, organisation in gone.items()}
    # Not a limit that could be raised: they are not asked at all.
    nothing_new = {(code, application) for code in {*handing, *gone} for application in room.applications}
    return Problem(
        readers=readers,
        needs=_needs(room),
        barred=room.barred | room.withdrawn() | {*closed} | {*handed_on} | (nothing_new - pinned),
        unwanted=_unread(room) if rules.languages else frozenset(),
        pinned=pinned,
        fits=_fits(room) if rules.topics else {},
        organisation_most=dict(rules.organisation_most),
    )


def _needs(room: Room) -> "list[Need]":
    from app.scoring.reading import Need

    if room.wanted is None:
        return [
            Need(application=each, organisation=of) for each in room.applications for of in room.organisations
        ]
    number = min(room.wanted, len(room.organisations))
    return [Need(application=each, number=number) for each in room.applications]


def _most(member: Member, rules: AssignmentRules) -> int | None:
    if rules.capacity and member.capacity is not None:
        return member.capacity
    return rules.most


def reads(member: Member, paper: Paper) -> bool:
    """Whether a reviewer reads what an application is written in, or has not said what they read."""
    return not member.languages or paper.language in member.languages


def _unread(room: Room) -> frozenset[Pair]:
    return frozenset(
        (code, application)
        for code, member in room.members.items()
        for application, paper in room.papers.items()
        if not reads(member, paper)
    )


def _fits(room: Room) -> dict[Pair, float]:
    """Who knows the theme fits better, and who named the language better than who said nothing."""
    return {
        (code, application): KNOWS_THEME * (paper.theme in member.topics)
        + NAMED_LANGUAGE * (paper.language in member.languages)
        for code, member in room.members.items()
        for application, paper in room.papers.items()
    }
