"""Assisted entry: a coordinator types in what somebody gave on paper, by telephone or in person.

It becomes an ordinary draft of that person, whose account has no e-mail or the one that was told. Until it
is sent or handed over the coordinator writes it like an editor; every change is in the log.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, ConfigDict, Field
from sqlmodel import Session, col, select

from app.accounts.actions import Email, person_with
from app.accounts.actors import Applicant, Coordinator
from app.accounts.returning import (
    BirthYear,
    FactsInput,
    OwnPhone,
    check_facts,
    make_code,
    person_without_email,
)
from app.applications.actions.assistance import end_assistance
from app.applications.actions.starting import ConsentInput, begin, startable_call
from app.applications.members import mine
from app.applications.notices import tell_team
from app.applications.refusals import AssistsAsReviewer, NotAssisted, ReadOnly
from app.asking import Ask
from app.audit.record import record
from app.errors import Invalid, NotFound, Problem
from app.models.applications import Agreed, Application, Channel, History, TeamRole
from app.models.calls import Call
from app.models.keys import key_of
from app.models.panel import PanelMember, PanelRole
from app.models.people import Applicant as ApplicantRow
from app.models.people import Assistance, Person
from app.sections.text import LINE

AGAIN = timedelta(minutes=10)
"""The same form sent twice within this time is one entry."""


def _blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


class AssistedInput(FactsInput):
    """For whom, how it came, and how that person agreed."""

    model_config = ConfigDict(frozen=True)

    own_name: Annotated[
        str, Field(min_length=1, max_length=200), LINE, Ask(autocomplete="off", spellcheck=False)
    ]
    email: Annotated[
        Email | None,
        BeforeValidator(_blank),
        Ask("email", optional=True, autocomplete="off", spellcheck=False),
    ] = None
    birth_year: BirthYear = None
    phone: OwnPhone = None
    language: Annotated[Literal["kk", "ru", "en"], Ask("radios", choices="languages")]
    channel: Annotated[Channel, Ask("radios", choices="channel")]
    received_on: Annotated[date, Ask("date", width="short")]
    processing: Annotated[bool, Ask("checkboxes")] = False
    publication: Annotated[bool, Ask("checkboxes")] = False
    pictures: Annotated[bool, Ask("checkboxes", optional=True)] = False
    news: Annotated[bool, Ask("checkboxes", optional=True)] = False
    agreed: Annotated[Agreed, Ask("radios", choices="agreed")]
    agreed_note: Annotated[str, Field(min_length=1, max_length=300), LINE, Ask(cap=300)]

    @property
    def consents(self) -> ConsentInput:
        """The boxes that this person ticked, or agreed to aloud."""
        return ConsentInput(
            processing=self.processing, publication=self.publication, pictures=self.pictures, news=self.news
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that was begun. `code` is the return code, known nowhere else; empty where there is e-mail."""

    ref: str
    code: str


def start_assisted(
    session: Session, coordinator: Coordinator, given: AssistedInput, *, secret: str, now: datetime
) -> Entry:
    """Begin an application for somebody who cannot, while the call is open.

    CallNotOpen otherwise, also for what came on paper in time: the sending decides. Invalid where a needed
    consent is missing, or what is asked with a return code; AssistsAsReviewer for who also scores here;
    OnThePanel, TooManyDrafts as for everybody.
    """
    slug = session.exec(select(Call.slug).where(Call.id == coordinator.call_id)).one()
    check_entry(session, coordinator, given, now)
    again = _again(session, coordinator, given, now)
    if again is not None:
        ref, person = again
        return Entry(ref, _code(session, coordinator, person, secret, now))
    person = _person(session, given, now)
    owner = Applicant(key_of(person.id))
    call = startable_call(session, owner, slug, now, held=True)
    application = begin(session, call, owner, given.consents, language=given.language, now=now)
    _assist(session, coordinator, application, given, now)
    if person.email is not None:
        tell_team(
            session,
            "assisted",
            key_of(application.id),
            application.ref,
            dedupe=f"assisted-{application.ref}",
            now=now,
        )
    return Entry(application.ref, _code(session, coordinator, person, secret, now))


def check_entry(session: Session, coordinator: Coordinator, given: AssistedInput, now: datetime) -> None:
    """Refuse what is wrong with an entry, all of it at once; AssistsAsReviewer for who also scores here."""
    if scores_in(session, coordinator.person_id, coordinator.call_id):
        raise AssistsAsReviewer
    call = session.exec(select(Call.timezone, Call.opened_at).where(Call.id == coordinator.call_id)).one()
    zone, opened_at = ZoneInfo(call[0]), call[1]
    problems: dict[str, str | Problem] = {}
    if given.received_on > now.astimezone(zone).date():
        problems["received_on"] = "assisted.received_later"
    elif opened_at is not None and given.received_on < opened_at.astimezone(zone).date():
        problems["received_on"] = "assisted.received_before"
    missing = {"processing": "assisted.processing", "publication": "assisted.publication"}
    problems |= {name: code for name, code in missing.items() if not getattr(given, name)}
    try:
        check_facts(given, now)
    except Invalid as error:
        if given.email is None or given.birth_year is not None:
            problems |= error.fields
    if problems:
        raise Invalid(problems)


def scores_in(session: Session, person_id: int, call_id: int) -> bool:
    """Whether this person is a reviewer of the call."""
    statement = select(PanelMember.id).where(
        PanelMember.call_id == call_id,
        PanelMember.person_id == person_id,
        PanelMember.role == PanelRole.REVIEWER,
        col(PanelMember.removed_at).is_(None),
    )
    return session.exec(statement).first() is not None


def _again(
    session: Session, coordinator: Coordinator, given: AssistedInput, now: datetime
) -> tuple[str, Person] | None:
    """The entry that the same form made a moment ago, with whose it is."""
    facts: Any = (
        col(Person.email).is_(None),
        Person.name == given.own_name,
        Person.phone == (given.phone or ""),
        col(Person.birth_year).is_not_distinct_from(given.birth_year),
    )
    same = facts if given.email is None else (Person.email == given.email,)
    found = session.exec(
        select(Application.ref, Person)
        .join(Assistance, col(Assistance.application_id) == col(Application.id))
        .join(ApplicantRow, col(ApplicantRow.application_id) == col(Application.id))
        .join(Person, col(Person.id) == col(ApplicantRow.person_id))
        .where(
            Application.call_id == coordinator.call_id,
            Assistance.typed_by == coordinator.person_id,
            col(Assistance.ended_at).is_(None),
            Assistance.started_at > now - AGAIN,
            Assistance.channel == given.channel,
            ApplicantRow.role == TeamRole.OWNER,
            *same,
        )
        .with_for_update(of=Person)
    ).first()
    return (found[0], found[1]) if found else None


def _person(session: Session, given: AssistedInput, now: datetime) -> Person:
    """The account of the address, or a new one. What an account says of its owner stays as it is."""
    if given.email is None:
        return person_without_email(session, given.own_name, given, language=given.language, now=now)
    person = person_with(session, given.email, language=given.language, now=now)
    if person.created_at == now and not person.name:
        person.name, person.phone, person.birth_year = given.own_name, given.phone or "", given.birth_year
        session.add(person)
    return person


def _assist(
    session: Session, coordinator: Coordinator, application: Application, given: AssistedInput, now: datetime
) -> None:
    key, ref = key_of(application.id), application.ref
    session.add(
        Assistance(
            application_id=key,
            typed_by=coordinator.person_id,
            channel=given.channel,
            received_on=given.received_on,
            consent=given.agreed,
            consent_note=given.agreed_note,
            started_at=now,
        )
    )
    session.add(History(application_id=key, move="enter", at=now, by=coordinator.person_id))
    _log(session, coordinator, "start", ref, now, channel=given.channel, agreed=given.agreed)
    session.flush()


def _code(session: Session, coordinator: Coordinator, person: Person, secret: str, now: datetime) -> str:
    """The code is for who has no e-mail: to anybody else the programme holds no key."""
    if person.email is not None:
        return ""
    return make_code(session, person, coordinator.person_id, secret=secret, now=now)


def renew_code(session: Session, coordinator: Coordinator, ref: str, *, secret: str, now: datetime) -> str:
    """A new return code for somebody without e-mail, whose application was typed in: the slip was lost, or
    belongs on the receipt. While it is typed in that is for who types it; later for any coordinator.

    NotFound for anybody else's application, and where there is an e-mail.
    """
    row = _assistance(session, coordinator, ref)
    if row.ended_at is None and row.typed_by != coordinator.person_id:
        raise NotFound
    person = session.exec(
        select(Person)
        .join(ApplicantRow, col(ApplicantRow.person_id) == col(Person.id))
        .where(
            ApplicantRow.application_id == row.application_id,
            ApplicantRow.role == TeamRole.OWNER,
            col(Person.email).is_(None),
            col(Person.disabled_at).is_(None),
        )
        .with_for_update(of=Person)
    ).one_or_none()
    if person is None:
        raise NotFound
    _log(session, coordinator, "code", ref, now)
    return make_code(session, person, coordinator.person_id, secret=secret, now=now)


def hand_to_owner(session: Session, coordinator: Coordinator, ref: str, now: datetime) -> None:
    """Leave the draft to its owner: from now on nobody else reads it. NotAssisted where it is so already."""
    row = _assistance(session, coordinator, ref)
    if row.typed_by != coordinator.person_id:
        raise NotFound
    if not end_assistance(session, row.application_id, now):
        raise NotAssisted
    session.add(
        History(application_id=row.application_id, move="hand_over", at=now, by=coordinator.person_id)
    )
    _log(session, coordinator, "hand_over", ref, now)
    tell_team(session, "assisted_handed_over", row.application_id, ref, dedupe=f"handed-over-{ref}", now=now)


def go_on_alone(session: Session, applicant: Applicant, ref: str, now: datetime) -> None:
    """Its owner goes on alone. ReadOnly for anybody else; NotAssisted where nobody types it in."""
    own = mine(session, applicant, ref, held=True)
    if own.role is not TeamRole.OWNER:
        raise ReadOnly
    if not end_assistance(session, own.key, now):
        raise NotAssisted
    session.add(History(application_id=own.key, move="take_over", at=now, by=applicant.person_id))
    record(
        session,
        "assistance.take_over",
        now=now,
        person_id=applicant.person_id,
        call_id=own.call.id,
        subject=ref,
    )


def _assistance(session: Session, coordinator: Coordinator, ref: str) -> Assistance:
    row = session.exec(
        select(Assistance)
        .join(Application, col(Application.id) == col(Assistance.application_id))
        .where(Application.ref == ref, Application.call_id == coordinator.call_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _log(
    session: Session, coordinator: Coordinator, act: str, ref: str, now: datetime, **detail: object
) -> None:
    record(
        session,
        f"assistance.{act}",
        now=now,
        person_id=coordinator.person_id,
        call_id=coordinator.call_id,
        subject=ref,
        detail={"on_behalf": True, **detail},
    )
