"""A proposed assignment in words: names in place of codes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from app.messages import formats, sentence, words_of
from app.messages.labels import choices
from app.pages.more import more_in_words
from app.pages.shell import LANGUAGE_NAMES
from app.reviews.proposal import (
    CellState,
    CoverageRow,
    FullProposal,
    FullShortage,
    ProposedLoad,
    ProposedPair,
    Relief,
    StarvingSet,
)
from app.reviews.rules import AssignmentRules

FEW = 12
"""So many are named at once; the rest opens behind how many it is."""


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes in a row; where they are many, the rest and how many that is."""

    shown: str
    more: str
    rest: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The reader's language, and the names of people and organisations by their codes."""

    language: str
    people: Mapping[str, str]
    organisations: Mapping[str, str]

    def who(self, code: str) -> str:
        """A reviewer or an organisation by name."""
        return self.people.get(code) or self.organisations.get(code) or code

    def several(self, codes: Sequence[str]) -> Codes:
        """Codes in a row, the first of them at once."""
        more = more_in_words(self.language, len(codes) - FEW)
        return Codes(", ".join(codes[:FEW]), more, ", ".join(codes[FEW:]))


@dataclass(frozen=True, slots=True)
class LoadView:
    """One reviewer's load before and after.

    `most` is what they said they can take, or what the proposal's rules say for who said nothing. `over`:
    more than that, as a pair given by hand or by a table may make it.
    """

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

    applications: Codes
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
    applications: Codes


@dataclass(frozen=True, slots=True)
class ShortageView:
    """Why not everything can be given out, and what would help; `rest` opens behind `more`."""

    wanted: int
    possible: int
    starving: list[StarvingView]
    more: str
    rest: list[StarvingView]
    reliefs: list[ReliefView]


@dataclass(frozen=True, slots=True)
class StayingView:
    """What a reviewer was to hand on and nobody else can read."""

    who: str
    number: int
    applications: Codes


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
            most=_most(proposal.rules, each),
            over=(most := _most(proposal.rules, each)) is not None and each.after > most,
        )
        for each in proposal.loads
    ]
    return sorted(views, key=lambda view: (view.organisation, view.name))


def _most(rules: AssignmentRules, load: ProposedLoad) -> int | None:
    if load.most is None or (rules.most is not None and not rules.capacity):
        return rules.most
    return load.most


def limits_in_words(rules: AssignmentRules, wording: Wording) -> list[tuple[str, int]]:
    """What nobody exceeds in this proposal, as (of whom, how much); what is not limited is left out."""
    each = [(words_of(wording.language, "rules.most").label, rules.most)] if rules.most is not None else []
    return [*each, *((wording.who(code), most) for code, most in rules.organisation_most.items())]


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
        Change(wording.who(code), ", ".join(gets[code]), ", ".join(gives[code])) for code in {*gets, *gives}
    ]
    return sorted(changes, key=lambda change: change.name)


def staying_views(proposal: FullProposal, wording: Wording) -> list[StayingView]:
    """Reviewer by reviewer, by name."""
    views = [
        StayingView(wording.who(code), len(own), wording.several(own))
        for code, own in _by_reviewer(proposal.staying).items()
    ]
    return sorted(views, key=lambda view: view.who)


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
    starving = [
        StarvingView(
            applications=wording.several(list(dict.fromkeys(need.application for need in each.needs))),
            organisations=", ".join(
                dict.fromkeys(wording.who(need.organisation) for need in each.needs if need.organisation)
            ),
            able=", ".join(wording.who(code) for code in each.able),
            wanted=each.wanted,
            possible=each.possible,
        )
        for each in _once(shortage.starving)
    ]
    return ShortageView(
        wanted=shortage.wanted,
        possible=shortage.possible,
        starving=starving[:FEW],
        more=more_in_words(wording.language, len(starving) - FEW),
        rest=starving[FEW:],
        reliefs=_reliefs(shortage.relaxations, wording),
    )


def _once(starving: Sequence[StarvingSet]) -> list[StarvingSet]:
    """What nobody may read of one organisation, as of one without any reviewer, is said once."""
    together: dict[tuple[int, tuple[str, ...]], list[StarvingSet]] = defaultdict(list)
    for place, each in enumerate(starving):
        of = tuple(sorted({need.organisation or "" for need in each.needs}))
        together[place if each.able else -1, of].append(each)
    return [
        same[0].model_copy(
            update={
                "needs": [need for each in same for need in each.needs],
                "wanted": sum(each.wanted for each in same),
                "possible": sum(each.possible for each in same),
            }
        )
        for same in together.values()
    ]


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


def compared_in_words(proposal: FullProposal, language: str) -> str:
    """Whether all reviewers can be compared, and how firmly; of fewer than two nothing can be said."""
    reading = sum(each.after > 0 for each in proposal.loads)
    params = {
        "percent": formats.number(language, proposal.firmness),
        "groups": formats.number(language, proposal.groups),
    }
    many = "all" if proposal.groups == 1 else "groups"
    return sentence(language, f"comparing.{many if reading > 1 else ('none', 'one')[reading]}", params)
