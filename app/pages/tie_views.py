"""Ties of people on the panel in words: who, with what, and from what it is known or suspected."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.accounts.panel_names import panel_names
from app.messages import label, words_of
from app.messages.answers import in_language
from app.models.reviews import TieGround
from app.pages.page import path_to
from app.reviews import known_ties
from app.reviews.known_ties import KnownTie, SuspectedTie
from app.reviews.progress import organisation_names
from app.reviews.said import Ground


@dataclass(frozen=True, slots=True)
class SaidView:
    """What the team answered, beside the question."""

    question: str
    words: str


@dataclass(frozen=True, slots=True)
class SuspectedRow:
    """What matched, in words, what the team said itself, and where its application is read.

    `named`: whom its words name; `people`: to whom it points, empty where that is said for the whole group.
    """

    application: str
    title: str
    lang: str
    matched: str
    people: str
    named: str
    said: Sequence[SaidView]
    href: str


@dataclass(frozen=True, slots=True)
class KnownRow:
    """Ties on record that were decided at once for the same reason, in words."""

    applications: str
    matched: str
    who: str
    reason: str
    by: str
    at: datetime | None
    number: int


class Told:
    """The words for people, organisations and what matched, looked up once a page."""

    def __init__(self, session: Session, coordinator: Coordinator, language: str) -> None:
        self.language = language
        self.names = panel_names(session, coordinator)
        self.organisations = {
            code: in_language(language, name)
            for code, name in organisation_names(session, coordinator.call_id).items()
        }
        self.of = known_ties.organisation_of(session, coordinator)

    def name(self, member: str) -> str:
        """A member of the panel alone."""
        return self.names[member].shown if member in self.names else member

    def who(self, member: str) -> str:
        """A member of the panel with the organisation."""
        name = self.name(member)
        organisation = self.organisations.get(self.of.get(member, ""), "")
        return f"{name} · {organisation}" if organisation else name

    def matched(self, ground: TieGround, evidence: str) -> str:
        """From what a tie is known or suspected."""
        said = label(self.language, ground)
        match ground:
            case TieGround.ORGANISATION:
                return f"{said}: {self.organisations.get(evidence, evidence)}"
            case TieGround.DOMAIN:
                return f"{said}: {evidence}"
        return said

    def everybody(self, members: Sequence[str]) -> str:
        """Some of the panel, each once; of one organisation it is named once."""
        told = dict.fromkeys(members)
        of = {self.of.get(member, "") for member in told}
        if len(told) < 2 or len(of) > 1 or of == {""}:
            return "; ".join(self.who(member) for member in told)
        return f"{', '.join(self.name(member) for member in told)} · {self.organisations.get(of.pop(), '')}"

    def group(self, tie: SuspectedTie) -> str:
        """The organisation to whose people alone a suspicion points; empty where it is not one."""
        if tie.ground is TieGround.ORGANISATION:
            return tie.evidence
        found = {self.of.get(member, "") for member in tie.members}
        return found.pop() if len(found) == 1 else ""

    def suspected(self, tie: SuspectedTie, call: str, ground: Ground, known: str = "") -> SuspectedRow:
        """What matched, in words; `known` are the people who need not be named again."""
        people = self.everybody(tie.members)
        return SuspectedRow(
            application=tie.application,
            title=tie.title,
            lang=tie.language,
            matched=self.matched(tie.ground, tie.evidence),
            people="" if people == known else people,
            named=self.everybody(ground.named),
            said=[SaidView(words_of(self.language, each.question).label, each.words) for each in ground.said],
            href=f"{path_to(self.language, 'desk.applications', call=call)}?q={quote(tie.application)}",
        )

    def known(self, ties: Sequence[KnownTie]) -> list[KnownRow]:
        """Ties on record in words; what was decided at once for one reason is one line."""
        together: dict[tuple[Any, ...], list[KnownTie]] = defaultdict(list)
        for each in ties:
            together[each.ground, each.evidence, each.reason, each.by, each.at].append(each)
        return [
            KnownRow(
                applications=", ".join(dict.fromkeys(each.application for each in same)),
                matched=self.matched(same[0].ground, same[0].evidence),
                who=self.everybody([each.member for each in same]),
                reason=same[0].reason,
                by=self.names[same[0].by].shown if same[0].by in self.names else "",
                at=same[0].at,
                number=len({each.application for each in same}),
            )
            for same in together.values()
        ]
