"""Who on the panel may have a tie with which application, as far as what both have said shows it.

Nobody is accused: what matches is put before a coordinator, who says whether it is a tie. Until then it bars
assigning. What matched is not stored, so that nothing of it is stale; what was decided is
(`people.Conflict`), as is for the desk how much waits (`matters.Matter`).
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations, pairwise, product
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.applications.counted import IS_COUNTED_SENDING
from app.leaks.letters import skeletons
from app.leaks.secrets import Account, Secrets, secrets_of
from app.leaks.tokens import WORD
from app.models.applications import Application, Packet, Sending, Status, TeamRole
from app.models.panel import CallOrganisation, Organisation, PanelMember
from app.models.people import Applicant, Conflict, Identity, Person
from app.models.reviews import TieGround

SHORTEST_NAME = 3
"""Of fewer letters a word is an initial or a particle."""
EVERYBODYS = frozenset(
    {
        "gmail.com", "googlemail.com", "mail.ru", "bk.ru", "list.ru", "inbox.ru", "internet.ru", "yandex.ru",
        "yandex.kz", "yandex.com", "ya.ru", "rambler.ru", "outlook.com", "hotmail.com", "live.com", "msn.com",
        "yahoo.com", "icloud.com", "me.com", "proton.me", "protonmail.com", "mail.kz", "nur.kz", "gmx.com",
        "gmx.net", "aol.com", "example.org", "example.com", "example.net",
    }
)  # fmt: skip
"""Where anybody may have an address, so that two who have one there have nothing to do with each other."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What matched between somebody on the panel and an application; keys stay on the server."""

    application_id: int
    application: str
    title: str
    language: str
    member: str
    person_id: int
    ground: TieGround
    evidence: str


@dataclass(frozen=True, slots=True)
class _Sitting:
    """Somebody on the panel."""

    member: str
    person_id: int
    name: str
    email: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel by all that can match; `names` are pairs of words by their sound."""

    domains: Mapping[str, Sequence[_Sitting]]
    organisations: Mapping[str, Sequence[_Sitting]]
    called: Mapping[str, str]
    names: Mapping[frozenset[str], Sequence[_Sitting]]


def suspicions(session: Session, call_id: int) -> list[Suspicion]:
    """All that matches and that nobody has decided yet, by application. Five queries."""
    panel = _panel(_seats(session, call_id), _spellings(session, call_id))
    accounts = _accounts(session, call_id)
    decided = _decided(session, call_id)
    statement = (
        select(
            col(Application.id),
            col(Application.code),
            col(Packet.title),
            col(Packet.language),
            col(Identity.data),
        )
        .join(Sending, IS_COUNTED_SENDING)
        .join(Packet, col(Packet.sending_id) == col(Sending.id))
        .join(Identity, col(Identity.sending_id) == col(Sending.id))
        .where(col(Application.call_id) == call_id, col(Application.status) != Status.WITHDRAWN)
        .order_by(col(Application.code))
    )
    found: dict[tuple[str, str, TieGround, str], Suspicion] = {}
    for key, code, title, language, data in session.execute(statement):
        team = accounts.get(key, [])
        own = {person for person, _ in team}
        for each, ground, evidence in matches(panel, data, [account for _, account in team]):
            if each.person_id in own or (key, each.person_id, ground, evidence) in decided:
                continue
            found[code, each.member, ground, evidence] = Suspicion(
                key, code, title, language, each.member, each.person_id, ground, evidence
            )
    return list(found.values())


def by_matter(found: Iterable[Suspicion]) -> dict[str, list[Suspicion]]:
    """What is decided at once: the same evidence about one application, to whomever it points."""
    lines: dict[str, list[Suspicion]] = defaultdict(list)
    for each in found:
        lines[f"{each.application}.{each.ground.value}.{each.evidence}"].append(each)
    return lines


def count_suspicions(session: Session, call_id: int) -> dict[int, int]:
    """Application -> how many matters wait to be decided about it."""
    return Counter(same[0].application_id for same in by_matter(suspicions(session, call_id)).values())


def suspicion_basis(session: Session, call_id: int) -> str:
    """A digest of all that suspicions rest on, but for what was sent: that is told by its number."""
    counted = (
        select(col(Application.id), col(Application.counts_number), col(Application.status))
        .where(col(Application.call_id) == call_id, col(Application.counts_number).is_not(None))
        .order_by(col(Application.id))
    )
    accounts = _accounts(session, call_id)
    rests_on = [
        [list(row) for row in session.execute(counted)],
        [list(row) for row in _seats(session, call_id)],
        [list(row) for row in _spellings(session, call_id)],
        sorted(
            [key, person, account.name, account.email]
            for key, team in accounts.items()
            for person, account in team
        ),
        sorted(list(row) for row in _decided(session, call_id)),
    ]
    return sha256(json.dumps(rests_on, sort_keys=True).encode()).hexdigest()


def matches(
    panel: Panel, identity: Mapping[str, Any], accounts: Sequence[Account]
) -> Iterator[tuple[_Sitting, TieGround, str]]:
    """Each of the panel whom an application names, whose organisation it names, or with whom it shares a
    domain, with what showed it."""
    known = secrets_of(identity, accounts)
    team = identity.get("team") or {}
    for organisation in dict.fromkeys([*team.get("partner_links", ()), *_called(panel, known)]):
        for each in panel.organisations.get(organisation, ()):
            yield each, TieGround.ORGANISATION, organisation
    for domain in dict.fromkeys(_domain(each) for each in known.emails):
        for each in panel.domains.get(domain, ()):
            yield each, TieGround.DOMAIN, domain
    said = [name for _, name in known.people]
    pairs = [pair for name in said for pair in name_pairs(name)] + near_pairs(
        str(team.get("partner_links_note") or "")
    )
    for pair in dict.fromkeys(pairs):
        for each in panel.names.get(pair, ()):
            yield each, TieGround.NAME, each.member


def name_pairs(name: str) -> list[frozenset[str]]:
    """Any two words of a name, by their sound: a patronymic may be left out, and the order is anybody's."""
    words = [skeletons(word) for word in WORD.findall(name.lower()) if len(word) >= SHORTEST_NAME]
    return [
        frozenset(pair)
        for first, second in combinations(words, 2)
        for pair in product(first, second)
        if pair[0] != pair[1]
    ]


def near_pairs(text: str) -> list[frozenset[str]]:
    """Any two words of a text that stand beside each other, as the two of a name do."""
    words = WORD.findall(text.lower())
    return [pair for first, second in pairwise(words) for pair in name_pairs(f"{first} {second}")]


def _domain(email: str) -> str:
    domain = email.rpartition("@")[2].strip().lower()
    return "" if domain in EVERYBODYS else domain


def _sound(name: str) -> str:
    return " ".join(skeletons(word)[0] for word in WORD.findall(name.lower()))


def _called(panel: Panel, known: Secrets) -> Iterator[str]:
    """The partner organisations whose name the applicant's own organisation has."""
    for name in known.organisations:
        if (code := panel.called.get(_sound(name))) is not None:
            yield code


def _seats(session: Session, call_id: int) -> Sequence[Any]:
    return session.execute(
        select(
            col(PanelMember.code),
            col(PanelMember.person_id),
            col(Person.name),
            col(Person.email),
            col(Organisation.code).label("organisation"),
        )
        .join(Person, col(Person.id) == col(PanelMember.person_id))
        .outerjoin(Organisation, col(Organisation.id) == col(PanelMember.organisation_id))
        .where(col(PanelMember.call_id) == call_id, col(PanelMember.removed_at).is_(None))
        .order_by(col(PanelMember.code))
    ).all()


def _spellings(session: Session, call_id: int) -> Sequence[Any]:
    return session.execute(
        select(col(Organisation.code), col(Organisation.name))
        .join(CallOrganisation, col(CallOrganisation.organisation_id) == col(Organisation.id))
        .where(col(CallOrganisation.call_id) == call_id)
        .order_by(col(Organisation.code))
    ).all()


def _panel(seats: Sequence[Any], spellings: Sequence[Any]) -> Panel:
    domains: dict[str, list[_Sitting]] = defaultdict(list)
    organisations: dict[str, list[_Sitting]] = defaultdict(list)
    names: dict[frozenset[str], list[_Sitting]] = defaultdict(list)
    for code, person_id, name, email, organisation in seats:
        each = _Sitting(code, person_id, name, email or "", organisation or "")
        if domain := _domain(each.email):
            domains[domain].append(each)
        if organisation:
            organisations[organisation].append(each)
        for pair in name_pairs(name):
            names[pair].append(each)
    spelled = {_sound(text): code for code, texts in spellings for text in (code, *texts.values()) if text}
    return Panel(domains, organisations, spelled, names)


def _accounts(session: Session, call_id: int) -> dict[int, list[tuple[int, Account]]]:
    rows = session.execute(
        select(
            col(Applicant.application_id),
            col(Applicant.person_id),
            col(Applicant.role),
            col(Person.name),
            col(Person.email),
        )
        .join(Person, col(Person.id) == col(Applicant.person_id))
        .join(Application, col(Application.id) == col(Applicant.application_id))
        .where(col(Application.call_id) == call_id, col(Application.counts_number).is_not(None))
    )
    found: dict[int, list[tuple[int, Account]]] = defaultdict(list)
    for application, person, role, name, email in rows:
        found[application].append((person, Account(name, email or "", role is TeamRole.OWNER)))
    return found


def _decided(session: Session, call_id: int) -> set[tuple[int, int, TieGround, str]]:
    rows = session.execute(
        select(
            col(Conflict.application_id),
            col(Conflict.person_id),
            col(Conflict.ground),
            col(Conflict.evidence),
        ).where(col(Conflict.call_id) == call_id)
    )
    return {(application, person, ground, evidence) for application, person, ground, evidence in rows}


def barred_pairs(session: Session, call_id: int) -> set[tuple[str, str]]:
    """(panel member's code, spoken code) of every tie that stands, and of what nobody has decided yet."""
    undecided = {(each.member, each.application) for each in suspicions(session, call_id)}
    return standing_pairs(session, call_id) | undecided


def standing_pairs(session: Session, call_id: int) -> set[tuple[str, str]]:
    """(panel member's code, spoken code) of every tie that a coordinator put on record."""
    standing = session.execute(
        select(col(PanelMember.code), col(Application.code))
        .join(Conflict, col(Conflict.person_id) == col(PanelMember.person_id))
        .join(Application, col(Application.id) == col(Conflict.application_id))
        .where(col(PanelMember.call_id) == call_id, col(Conflict.call_id) == call_id, col(Conflict.stands))
    )
    return {(member, application) for member, application in standing}
