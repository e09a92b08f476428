"""A proposed assignment in words: names in place of codes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from app.messages import formats
from app.messages.labels import choices
from app.pages.shell import LANGUAGE_NAMES
from app.reviews.proposal import (
    CellState,
    CoverageRow,
    FullProposal,
    FullShortage,
    ProposedPair,
    Relief,
)

FEW = 12
"""So many codes are named; of more, how many there are."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The reader's language, and the names of people and organisations by their codes."""

    language: str
    people: Mapping[str, str]
    organisations: Mapping[str, str]

    def who(self, code: str) -> str:
        """A reviewer or an organisation by name."""
        return self.people.get(code) or self.organisations.get(code) or code

    def several(self, codes: Sequence[str]) -> str:
        """Codes in a row, and how many more there are."""
        shown = ", ".join(codes[:FEW])
        more = len(codes) - FEW
        return f"{shown} … +{formats.number(self.language, more)}" if more > 0 else shown


@dataclass(frozen=True, slots=True)
class LoadView:
    """One reviewer's load before and after; `over`: more than they said they can take."""

    name: str
    organisation: str
    languages: str
    now: int
    gets: int
    gives: int
    after: int
    most: int | None
    over: bool


@dataclass(frozen=True, slots=True)
class ShareView:
    """One partner organisation before and after."""

    name: str
    now: int
    after: int
    covered: int
    holes: int


@dataclass(frozen=True, slots=True)
class Change:
    """What changes for one reviewer: what they get and what they give back."""

    name: str
    gets: str
    gives: str


@dataclass(frozen=True, slots=True)
class CellView:
    """A reviewer of an application in words; `tone` of how they stand to it."""

    name: str
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class CoverageView:
    """One row of the matrix: the application, and who of which organisation reads it."""

    application: str
    href: str
    language: str
    cells: list[tuple[str, list[CellView], bool]]
    missing: int


@dataclass(frozen=True, slots=True)
class StarvingView:
    """What starves: the applications, who may read them, and how much they can."""

    applications: str
    organisations: str
    able: str
    wanted: int
    possible: int


@dataclass(frozen=True, slots=True)
class ReliefView:
    """What would have to give, by its kind; `number` of what, and which applications where it matters."""

    way: str
    who: str
    number: int
    applications: str


@dataclass(frozen=True, slots=True)
class ShortageView:
    """Why not everything can be given out, and what would help."""

    wanted: int
    possible: int
    starving: list[StarvingView]
    reliefs: list[ReliefView]


TONES = {
    CellState.SENT: "ok",
    CellState.BEGUN: "info",
    CellState.GIVEN: "none",
    CellState.NEW: "ok",
    CellState.LEAVES: "warn",
}


def load_views(proposal: FullProposal, wording: Wording) -> list[LoadView]:
    """By organisation, and in it by name."""
    views = [
        LoadView(
            name=wording.who(each.reviewer),
            organisation=wording.who(each.organisation),
            languages=", ".join(LANGUAGE_NAMES.get(code, code) for code in each.languages),
            now=each.now,
            gets=each.gets,
            gives=each.gives,
            after=each.after,
            most=each.most,
            over=each.most is not None and each.after > each.most,
        )
        for each in proposal.loads
    ]
    return sorted(views, key=lambda view: (view.organisation, view.name))


def share_views(proposal: FullProposal, wording: Wording) -> list[ShareView]:
    """In the order of the call."""
    return [
        ShareView(wording.who(each.organisation), each.now, each.after, each.covered, each.holes)
        for each in proposal.organisations
    ]


def changes_of(proposal: FullProposal, wording: Wording) -> list[Change]:
    """Only of those for whom something changes, by name."""
    gets, gives = _by_reviewer(proposal.added), _by_reviewer(proposal.taken)
    changes = [
        Change(wording.who(code), wording.several(gets[code]), wording.several(gives[code]))
        for code in {*gets, *gives}
    ]
    return sorted(changes, key=lambda change: change.name)


def _by_reviewer(pairs: Sequence[ProposedPair]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for each in pairs:
        found[each.reviewer].append(each.application)
    return found


def coverage_views(
    rows: Sequence[CoverageRow], organisations: Mapping[str, str], wording: Wording, change: str
) -> list[CoverageView]:
    """The matrix: a column for each organisation of the call, in its order."""
    states = choices(wording.language, "coverage_states")
    return [
        CoverageView(
            application=row.application,
            href=f"{change}{quote(row.application)}#adjust",
            language=LANGUAGE_NAMES.get(row.language, row.language),
            cells=[
                (
                    name,
                    [
                        CellView(wording.who(cell.reviewer), states[cell.state], TONES[cell.state])
                        for cell in row.cells.get(code, [])
                    ],
                    code in row.holes,
                )
                for code, name in organisations.items()
            ],
            missing=len(row.holes),
        )
        for row in rows
    ]


def shortage_view(shortage: FullShortage | None, wording: Wording) -> ShortageView | None:
    """Why, and the cheapest way out, with what is alike said once."""
    if shortage is None:
        return None
    return ShortageView(
        wanted=shortage.wanted,
        possible=shortage.possible,
        starving=[
            StarvingView(
                applications=wording.several(list(dict.fromkeys(need.application for need in each.needs))),
                organisations=", ".join(
                    dict.fromkeys(wording.who(need.organisation) for need in each.needs if need.organisation)
                ),
                able=", ".join(wording.who(code) for code in each.able),
                wanted=each.wanted,
                possible=each.possible,
            )
            for each in shortage.starving[:FEW]
        ],
        reliefs=_reliefs(shortage.relaxations, wording),
    )


def _reliefs(relaxations: Sequence[Relief], wording: Wording) -> list[ReliefView]:
    together: dict[tuple[str, str], list[Relief]] = defaultdict(list)
    for each in relaxations:
        together[each.way, each.who].append(each)
    return [
        ReliefView(
            way=way,
            who=wording.who(who) if who else "",
            number=sum(each.number for each in group),
            applications=wording.several([each.application for each in group if each.application]),
        )
        for (way, who), group in together.items()
    ]
