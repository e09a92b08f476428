"""Coming in without e-mail: an account that has none, its return code, and signing in with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field
from sqlalchemy import update
from sqlmodel import Session, col, select

from app.accounts.actions import SESSION_LIVES, Entered, new_session
from app.accounts.actors import SignedIn
from app.accounts.refusals import OnlyWayIn
from app.accounts.return_codes import code_hash, fact_matches, new_code, typed_code
from app.accounts.throttle import count_try
from app.asking import Ask
from app.audit.record import record
from app.errors import Invalid
from app.models.keys import key_of
from app.models.people import Person, ReturnCode
from app.sections.contacts import Phone
from app.sections.text import LINE

QUARTER = timedelta(minutes=15)
TRIES_OF_A_BROWSER = 30
"""A library's computers share an address."""
TRIES_OF_A_CODE = 8
WRONG_FACTS = 20
"""A slip that was found is no key: there are not many years of birth."""
STARTS_AN_HOUR = 20
OLDEST, YOUNGEST = 120, 14


def _blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


BirthYear = Annotated[
    int | None,
    Field(ge=1900, le=2100),
    BeforeValidator(_blank),
    Ask("number", optional=True, inputmode="numeric", autocomplete="bday-year", width="short"),
]
OwnPhone = Annotated[
    Phone | None,
    BeforeValidator(_blank),
    Ask("tel", optional=True, autocomplete="tel", inputmode="tel", width="medium"),
]


class FactsInput(BaseModel):
    """What is asked together with a return code: one of the two is needed."""

    birth_year: BirthYear = None
    phone: OwnPhone = None


class WithoutEmailInput(FactsInput):
    """Beginning without e-mail."""

    own_name: Annotated[
        str, Field(min_length=1, max_length=200), LINE, Ask(autocomplete="name", spellcheck=False)
    ]
    shared_computer: Annotated[bool, Ask("checkboxes", optional=True)] = False
    next_path: Annotated[str, Ask("hidden", optional=True)] = Field(default="", max_length=500)


class ReturnCodeInput(BaseModel):
    """Signing in with a return code."""

    code: Annotated[
        str,
        Field(min_length=1, max_length=60),
        Ask("code", inputmode="text", autocomplete="off", spellcheck=False, width="medium"),
    ]
    fact: Annotated[str, Field(min_length=1, max_length=40), Ask("code", autocomplete="off", width="short")]
    shared_computer: Annotated[bool, Ask("checkboxes", optional=True)] = False
    next_path: Annotated[str, Ask("hidden", optional=True)] = Field(default="", max_length=500)


@dataclass(frozen=True, slots=True)
class Begun:
    """An account without e-mail: its session, and its code, which is known nowhere else."""

    entered: Entered
    code: str


def enter_return_code(
    session: Session,
    given: ReturnCodeInput,
    *,
    client: str,
    browser_name: str,
    secret: str,
    now: datetime,
) -> Entered:
    """Sign in. Invalid at `code`, in the same words and after the same work, whatever of it was wrong.

    A wrong try counts although it is refused: the caller shows the refusal and lets the unit commit.
    """
    count_try(session, "return code client", client, limit=TRIES_OF_A_BROWSER, window=QUARTER, now=now)
    stored = code_hash(secret, typed_code(given.code))
    count_try(session, "return code", stored, limit=TRIES_OF_A_CODE, window=QUARTER, now=now)
    found = session.exec(
        select(ReturnCode, Person)
        .join(Person, col(Person.id) == col(ReturnCode.person_id))
        .where(ReturnCode.code_hash == stored, col(Person.disabled_at).is_(None))
    ).one_or_none()
    person = found[1] if found else Person(phone="0000", birth_year=1900, created_at=now)
    right = fact_matches(given.fact, birth_year=person.birth_year, phone=person.phone)
    works = found is not None and found[0].wrong_facts < WRONG_FACTS
    session.execute(
        update(ReturnCode)
        .where(col(ReturnCode.code_hash) == stored)
        .values(wrong_facts=0 if right and works else ReturnCode.wrong_facts + 1)
        .execution_options(synchronize_session=False)
    )
    if not (right and works):
        raise Invalid({"code": "return_code.wrong"})
    return _entered(
        session, person, given.next_path, shared=given.shared_computer, browser_name=browser_name, now=now
    )


def start_without_email(
    session: Session,
    given: WithoutEmailInput,
    who: SignedIn | None,
    *,
    language: str,
    client: str,
    browser_name: str,
    secret: str,
    now: datetime,
) -> Begun:
    """Make an account without an address, sign in with it, and make its return code.

    `who` is signed in in this browser, if anybody is: the same form sent again is the same account, with a
    new code. Invalid where neither a year of birth nor a phone number was given.
    """
    count_try(session, "no email client", client, limit=STARTS_AN_HOUR, window=timedelta(hours=1), now=now)
    check_facts(given, now)
    person = _same(session, who, given)
    if person is None:
        person = person_without_email(session, given.own_name, given, language=language, now=now)
        record(session, "person.without_email", now=now, person_id=person.id)
    code = make_code(session, person, key_of(person.id), secret=secret, now=now)
    entered = _entered(
        session, person, given.next_path, shared=given.shared_computer, browser_name=browser_name, now=now
    )
    return Begun(entered, code)


def _same(session: Session, who: SignedIn | None, given: WithoutEmailInput) -> Person | None:
    if who is None:
        return None
    return session.exec(
        select(Person).where(
            Person.id == who.person_id,
            col(Person.email).is_(None),
            Person.name == given.own_name,
            Person.phone == (given.phone or ""),
            col(Person.birth_year).is_(None)
            if given.birth_year is None
            else Person.birth_year == given.birth_year,
        )
    ).one_or_none()


def _entered(
    session: Session, person: Person, next_path: str, *, shared: bool, browser_name: str, now: datetime
) -> Entered:
    token = new_session(session, person, browser_name=browser_name, shared_computer=shared, now=now)
    return Entered(token=token, next_path=next_path, lives=None if shared else SESSION_LIVES)


def person_without_email(
    session: Session, name: str, facts: FactsInput, *, language: str, now: datetime
) -> Person:
    """A new account that only a return code opens."""
    person = Person(
        name=name, language=language, created_at=now, phone=facts.phone or "", birth_year=facts.birth_year
    )
    session.add(person)
    session.flush()
    return person


def check_facts(given: FactsInput, now: datetime) -> None:
    """One of the two is there, and the year is one in which somebody was born who can apply."""
    if given.birth_year is None and given.phone is None:
        raise Invalid({"birth_year": "return_code.no_fact"})
    if given.birth_year is not None and not now.year - OLDEST <= given.birth_year <= now.year - YOUNGEST:
        raise Invalid({"birth_year": "return_code.birth_year"})


def make_return_code(
    session: Session, who: SignedIn, given: FactsInput, *, secret: str, now: datetime
) -> str:
    """A new code for oneself, in place of the one before; what is asked with it may be told anew."""
    person = session.exec(select(Person).where(Person.id == who.person_id).with_for_update()).one()
    facts = FactsInput.model_construct(
        birth_year=given.birth_year or person.birth_year, phone=given.phone or person.phone or None
    )
    check_facts(facts, now)
    person.birth_year, person.phone = facts.birth_year, facts.phone or ""
    session.add(person)
    return make_code(session, person, who.person_id, secret=secret, now=now)


def make_code(session: Session, person: Person, made_by: int, *, secret: str, now: datetime) -> str:
    """A new code of an account, returned once and stored hashed; the one before works no more.

    Who calls holds the account's row, or has made it.
    """
    code = new_code()
    key = key_of(person.id)
    row = session.get(ReturnCode, key) or ReturnCode(
        person_id=key, code_hash="", made_at=now, made_by=made_by
    )
    row.code_hash, row.made_at, row.made_by, row.wrong_facts = code_hash(secret, code), now, made_by, 0
    session.add(row)
    record(
        session,
        "return_code.make",
        now=now,
        person_id=made_by,
        detail={} if made_by == key else {"on_behalf": True},
    )
    session.flush()
    return code


def revoke_return_code(session: Session, who: SignedIn, now: datetime) -> None:
    """End one's own code, if there is one. OnlyWayIn where there is no e-mail."""
    email = session.exec(select(Person.email).where(Person.id == who.person_id)).one()
    if email is None:
        raise OnlyWayIn
    row = session.get(ReturnCode, who.person_id)
    if row is None:
        return
    session.delete(row)
    record(session, "return_code.revoke", now=now, person_id=who.person_id)
