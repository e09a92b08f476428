"""A small world for tests: one programme, four organisations, one call, and a named cast.

Ada applies, Ben applies and is a stranger to Ada's application, Rita reviews for the British Council,
Rolf for the city administration, Cora coordinates, Max manages the programme, Zoe has only an account.
Rows are made directly, so that a test of one slice needs no other slice's actions.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.accounts.actions import new_session
from app.accounts.actors import Applicant, Coordinator, Manager, Reviewer, SignedIn
from app.accounts.codes import hashed
from app.models.accounts import ApiToken
from app.models.calls import AwardRound, Call, CallKind, Criterion
from app.models.panel import CallOrganisation, Organisation, PanelMember, PanelRole, Programme
from app.models.panel import Manager as ManagerRow
from app.models.people import Person
from app.random_codes import random_code, random_token

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
ALMATY = ZoneInfo("Asia/Almaty")
OPENS = NOW - timedelta(days=9)
CLOSES = datetime(2026, 3, 18, 18, 0, tzinfo=ALMATY).astimezone(UTC)

ORGANISATIONS = (
    ("BC", {"en": "British Council", "ru": "Британский Совет", "kk": "Британ Кеңесі"}),
    ("AKIM", {"en": "Akimat of Almaty", "ru": "Акимат города Алматы", "kk": "Алматы қаласының әкімдігі"}),
    (
        "ADC",
        {"en": "Almaty Development Centre", "ru": "Центр развития Алматы", "kk": "Алматыны дамыту орталығы"},
    ),
    ("KBTU", {"en": "Technical University", "ru": "Технический университет", "kk": "Техникалық университет"}),
)
CRITERIA = ("need", "work_plan", "budget", "sustainability")


def key(row: Any) -> int:
    """The key of a row that has been flushed."""
    assert row.id is not None
    return int(row.id)


def texts(word: str) -> dict[str, str]:
    """A text in all three languages, for what a test does not read."""
    return {"kk": f"{word} (қаз)", "ru": f"{word} (рус)", "en": word}


@dataclass
class World:
    """The rows of the world and its cast's actors."""

    call: Call
    round: AwardRound
    criteria: dict[str, Criterion]
    organisations: dict[str, Organisation]
    people: dict[str, Person]
    members: dict[str, PanelMember] = field(default_factory=dict)

    def applicant(self, name: str = "ada") -> Applicant:
        return Applicant(self._key(name))

    def signed_in(self, name: str) -> SignedIn:
        return SignedIn(self._key(name))

    def manager(self) -> Manager:
        return Manager(self._key("max"))

    def coordinator(self, name: str = "cora") -> Coordinator:
        assert self.call.id
        return Coordinator(self._key(name), self.call.id)

    def reviewer(self, name: str = "rita") -> Reviewer:
        member = self.members[name]
        assert member.id and member.organisation_id
        return Reviewer(member.person_id, member.call_id, member.id, member.organisation_id)

    def _key(self, name: str) -> int:
        key = self.people[name].id
        assert key
        return key


def make_person(session: Session, name: str, now: datetime = NOW) -> Person:
    """Somebody whose every identifying word is a canary that no reviewer may ever meet."""
    person = Person(
        email=f"{name}.canary@example.org", name=f"{name.title()} Canaryname", language="en", created_at=now
    )
    session.add(person)
    session.flush()
    return person


def make_call(session: Session, slug: str = "2026", *, kind: CallKind = CallKind.GRANT) -> Call:
    """A call that is complete; `opened_at` is set, and NOW falls between opening and closing."""
    grant = kind is CallKind.GRANT
    call = Call(
        slug=slug,
        ref_prefix="WA26",
        kind=kind,
        created_at=OPENS,
        title=texts("Grants of the city"),
        purpose=texts("For projects of citizens"),
        who_can_apply=texts("Residents"),
        who_cannot=texts("Ministries"),
        need_at_hand=texts("An idea"),
        other_ways=texts("Come by"),
        themes=[{"code": "ecology", "name": texts("Ecology")}, {"code": "culture", "name": texts("Culture")}],
        priorities=[{"code": "clean", "name": texts("Clean city")}],
        opens_at=OPENS,
        closes_at=CLOSES,
        reviews_due_at=CLOSES + timedelta(days=20),
        results_expected_at=CLOSES + timedelta(days=40),
        ceiling_minor=500_000 if grant else None,
        rate_minor=56_000 if grant else None,
        sections=[
            {"code": code}
            for code in (
                ("team", "brief", "need", "work_plan", "budget", "sustainability")
                if grant
                else ("candidate", "motivation")
            )
        ],
        opened_at=OPENS,
    )
    session.add(call)
    session.flush()
    return call


def make_criteria(session: Session, call: Call, codes: tuple[str, ...] = CRITERIA) -> dict[str, Criterion]:
    """Criteria of equal weight with anchors; ties are broken in the order of `codes`."""
    criteria = {}
    for position, code in enumerate(codes, 1):
        criteria[code] = Criterion(
            call_id=key(call),
            code=code,
            position=position,
            tie_position=position,
            title=texts(code.replace("_", " ").title()),
            asks=texts(f"Asks about {code}"),
            weight=100 // len(codes),
            anchors={str(score): texts(f"{code} anchor {score}") for score in range(1, 6)},
            sections=[code],
        )
    session.add_all(criteria.values())
    session.flush()
    return criteria


def make_world(session: Session, *, kind: CallKind = CallKind.GRANT) -> World:
    """The whole cast around one open call."""
    session.add(
        Programme(
            name=texts("WeAlmaty"),
            funder=texts("Funded by the European Union"),
            eu_funded=True,
            help=texts("+7 700 000 00 00"),
        )
    )
    call = make_call(session, kind=kind)
    criteria = (
        make_criteria(session, call)
        if kind is CallKind.GRANT
        else make_criteria(session, call, ("motivation", "experience"))
    )
    round_ = AwardRound(
        call_id=key(call),
        code=random_code(),
        position=1,
        name=texts("Main round"),
        event=texts("Pitching"),
        held_at=CLOSES + timedelta(days=45),
        places=6,
        amount_minor=500_000 if kind is CallKind.GRANT else None,
        envelope_minor=3_000_000 if kind is CallKind.GRANT else None,
    )
    organisations = {code: Organisation(code=code, name=name) for code, name in ORGANISATIONS}
    session.add_all([round_, *organisations.values()])
    session.flush()
    for position, organisation in enumerate(organisations.values()):
        session.add(CallOrganisation(call_id=key(call), organisation_id=key(organisation), position=position))
    people = {
        name: make_person(session, name)
        for name in ("ada", "ben", "rita", "rolf", "cora", "max", "zoe", "anna", "karl")
    }
    session.add(ManagerRow(person_id=key(people["max"]), since=OPENS))
    world = World(call, round_, criteria, organisations, people)
    for name, organisation_code in (("rita", "BC"), ("rolf", "AKIM"), ("anna", "ADC"), ("karl", "KBTU")):
        world.members[name] = PanelMember(
            call_id=key(call),
            person_id=key(people[name]),
            organisation_id=key(organisations[organisation_code]),
            role=PanelRole.REVIEWER,
            code=random_code(),
            joined_at=OPENS,
        )
    world.members["cora"] = PanelMember(
        call_id=key(call),
        person_id=key(people["cora"]),
        role=PanelRole.COORDINATOR,
        code=random_code(),
        joined_at=OPENS,
    )
    session.add_all(world.members.values())
    session.flush()
    return world


def beside(
    session: Session, world: World, call: Call, pot: AwardRound, criteria: dict[str, Criterion]
) -> World:
    """The same people and organisations around another call, whose round is added too."""
    session.add(pot)
    for position, organisation in enumerate(world.organisations.values()):
        session.add(CallOrganisation(call_id=key(call), organisation_id=key(organisation), position=position))
    members = {
        name: PanelMember(
            call_id=key(call),
            person_id=member.person_id,
            organisation_id=member.organisation_id,
            role=member.role,
            code=random_code(),
            joined_at=OPENS,
        )
        for name, member in world.members.items()
    }
    session.add_all(members.values())
    session.flush()
    return World(call, pot, criteria, world.organisations, world.people, members)


def cookie_for(session: Session, person: Person, now: datetime) -> dict[str, str]:
    """The cookies of a signed-in browser of this person (over plain http)."""
    return {"session": new_session(session, person, browser_name="test", shared_computer=False, now=now)}


def token_for(session: Session, person: Person, scopes: tuple[str, ...], now: datetime) -> str:
    """An API token of this person."""
    token = random_token()
    session.add(
        ApiToken(
            token_hash=hashed(token),
            code=random_code(),
            person_id=key(person),
            name="test",
            scopes=list(scopes),
            hint=token[-4:],
            created_at=now,
            expires_at=now + timedelta(days=365 * 20),
        )
    )
    session.flush()
    return token
