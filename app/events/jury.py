"""The jury of a round as its coordinators see it: who is on it, and how far each is. No score is here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import exists, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.asking import Ask
from app.audit.record import record
from app.decisions.held import held_pot, round_of
from app.errors import Conflict, Invalid, NotFound
from app.events.evening import Evening, PitchesClosed, PitchesNotScored, evening_of
from app.events.jury_access import LINK_MAIL, forget_access, held_juror
from app.events.jury_refusals import JurorTakenOff
from app.events.pitch_rubric import PitchCriterion, is_whole, pitch_criteria
from app.models.calls import AwardRound
from app.models.columns import Texts
from app.models.events import PitchCard
from app.models.jury import Juror, PitchBallot, PitchKeying, PitchScoring
from app.models.keys import key_of
from app.models.outbox import Mail, MailState
from app.models.panel import CallOrganisation, Organisation
from app.models.people import JurorContact
from app.random_codes import random_code
from app.sections.contacts import Email
from app.sections.text import LINE

REASON_CAP = 500
SHORTEST_REASON = 10
MOST_JURORS = 40
PHONE_CAP = 40


def _nothing(given: object) -> object:
    return None if isinstance(given, str) and not given.strip() else given


class TooManyJurors(Conflict):
    """No jury is that large."""

    code = "jury.too_many"


class ContactInput(BaseModel):
    """Who a juror is, how they are reached on the evening, and in which language they are written to."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(min_length=1, max_length=200), LINE, Ask(spellcheck=False)]
    email: Annotated[
        Email | None,
        BeforeValidator(_nothing),
        Ask("email", optional=True, autocomplete="off", spellcheck=False),
    ] = None
    phone: Annotated[str, Field(max_length=PHONE_CAP), LINE, Ask("tel", optional=True)] = ""
    language: Annotated[Literal["kk", "ru", "en"], Ask("radios", choices="languages")] = "kk"


class JurorInput(ContactInput):
    """The same for whoever joins the jury, and for which organisation."""

    organisation: Annotated[str, Field(min_length=1, max_length=20), Ask("select")]


class ReasonInput(BaseModel):
    """Why a coordinator closes a juror's ballots, opens them again, or takes somebody off the jury."""

    model_config = ConfigDict(extra="forbid")
    reason: Annotated[
        str,
        Field(min_length=SHORTEST_REASON, max_length=REASON_CAP),
        LINE,
        Ask("textarea", cap=REASON_CAP),
    ]


class FullJuror(BaseModel):
    """One juror: who, and how many ballots are whole of the pitches that have begun. Never what is in them.

    `device`: a phone is signed in now. `papers` are ballots that came from paper; `once` wait for a second
    person to key them in, `differ` were keyed in otherwise by two. `linked`: there is a link
    that can be mailed; `mailed` is how far the last mail with it is, and `mailed_at` when it left.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str
    number: int
    name: str
    organisation: str
    organisation_name: Texts
    email: str
    phone: str
    language: str
    issued_at: datetime | None
    linked: bool
    mailed: MailState | None
    mailed_at: datetime | None
    device: bool
    done: int
    of: int
    papers: int
    once: int
    differ: int
    finished_at: datetime | None
    closed_at: datetime | None
    closed_reason: str
    removed_reason: str
    removed: bool

    @property
    def ended(self) -> bool:
        """Whether nothing more comes from them."""
        return self.removed or self.finished_at is not None or self.closed_at is not None


class PitchLine(BaseModel):
    """One pitch of the running order, and how many of the jury have a whole ballot of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    slot: int
    number: int
    title: str
    team: str
    language: str
    begun: bool
    done: int


class FullJury(BaseModel):
    """The jury and how far it is. `weight` of the pitch in percent; None where pitches are not scored."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    round: str
    round_name: Texts
    weight: int | None
    version: int
    jurors: list[FullJuror]
    pitches: list[PitchLine]
    organisations: dict[str, Texts]
    comparing_at: datetime | None
    compare_ends_at: datetime | None
    closed_at: datetime | None

    @property
    def open_jurors(self) -> list[FullJuror]:
        """Who has not finished yet."""
        return [each for each in self.jurors if not each.ended]

    @property
    def seated(self) -> list[FullJuror]:
        """Who is on the jury now."""
        return [each for each in self.jurors if not each.removed]


def full_jury(session: Session, coordinator: Coordinator, round_code: str, now: datetime) -> FullJury:
    """The jury of a round; NotFound for another call's."""
    pot = round_of(session, coordinator, round_code)
    key = key_of(pot.id)
    evening = evening_of(session, key)
    criteria = pitch_criteria(session, key)
    cards = session.exec(
        select(PitchCard).where(PitchCard.round_id == key).order_by(col(PitchCard.slot))
    ).all()
    whole, papers, by_slot = _counts(session, key, evening, criteria, cards)
    waiting = unsettled_papers(session, key)
    return FullJury(
        round=pot.code,
        round_name=pot.name,
        weight=pot.pitch_weight,
        version=evening.version,
        jurors=_jurors(
            session, key, whole, papers, waiting, len(evening.begun & {c.slot for c in cards}), now
        ),
        pitches=[
            PitchLine(
                slot=card.slot,
                number=number,
                title=card.title,
                team=card.team,
                language=card.language,
                begun=card.slot in evening.begun,
                done=by_slot[card.slot],
            )
            for number, card in enumerate(cards, 1)
        ],
        organisations=organisations_of(session, coordinator),
        comparing_at=evening.comparing_at,
        compare_ends_at=evening.compare_ends_at,
        closed_at=evening.closed_at,
    )


def organisations_of(session: Session, coordinator: Coordinator) -> dict[str, Texts]:
    """The call's partner organisations, in their order."""
    rows = session.exec(
        select(Organisation.code, Organisation.name)
        .join(CallOrganisation, col(CallOrganisation.organisation_id) == col(Organisation.id))
        .where(CallOrganisation.call_id == coordinator.call_id)
        .order_by(col(CallOrganisation.position))
    )
    return {code: dict(name) for code, name in rows}


def _counts(
    session: Session,
    round_id: int,
    evening: Evening,
    criteria: Sequence[PitchCriterion],
    cards: Sequence[PitchCard],
) -> tuple[Counter[int], Counter[int], Counter[int]]:
    """Juror -> whole ballots and ballots from paper; slot -> whole ballots of who is on the jury now."""
    slots = {card.application_id: card.slot for card in cards if card.slot in evening.begun}
    whole: Counter[int] = Counter()
    papers: Counter[int] = Counter()
    by_slot: Counter[int] = Counter()
    rows = session.exec(
        select(PitchBallot, Juror.removed_at)
        .join(Juror, col(Juror.id) == col(PitchBallot.juror_id))
        .where(Juror.round_id == round_id)
    )
    for ballot, removed_at in rows:
        slot = slots.get(ballot.application_id)
        if slot is None or not is_whole(criteria, ballot.scores, tie=ballot.tie, missed=ballot.missed):
            continue
        whole[ballot.juror_id] += 1
        papers[ballot.juror_id] += ballot.on_paper
        by_slot[slot] += removed_at is None
    return whole, papers, by_slot


def unsettled_papers(session: Session, round_id: int) -> dict[int, list[int]]:
    """Juror -> how often each paper without a ballot was keyed in: once, or twice and not alike."""
    settled = exists().where(
        col(PitchBallot.juror_id) == col(PitchKeying.juror_id),
        col(PitchBallot.application_id) == col(PitchKeying.application_id),
    )
    rows = session.execute(
        select_columns(col(PitchKeying.juror_id), func.count())
        .join(Juror, col(Juror.id) == col(PitchKeying.juror_id))
        .where(col(Juror.round_id) == round_id, col(Juror.removed_at).is_(None), ~settled)
        .group_by(col(PitchKeying.juror_id), col(PitchKeying.application_id))
    )
    found: dict[int, list[int]] = {}
    for juror, turns in rows:
        found.setdefault(juror, []).append(turns)
    return found


def _jurors(
    session: Session,
    round_id: int,
    whole: Mapping[int, int],
    papers: Mapping[int, int],
    waiting: Mapping[int, Sequence[int]],
    begun: int,
    now: datetime,
) -> list[FullJuror]:
    rows = session.execute(
        select_columns(Juror, JurorContact, col(Organisation.code), col(Organisation.name))
        .join(JurorContact, col(JurorContact.juror_id) == col(Juror.id))
        .join(Organisation, col(Organisation.id) == col(Juror.organisation_id))
        .where(col(Juror.round_id) == round_id)
        .order_by(col(Juror.number))
    ).all()
    mails = _mails(session, [key_of(row.id) for row, *_ in rows])
    return [
        FullJuror(
            code=row.code,
            number=row.number,
            name=contact.name,
            organisation=organisation,
            organisation_name=name,
            email=contact.email,
            phone=contact.phone,
            language=contact.language,
            issued_at=row.issued_at,
            linked=contact.nonce != "",
            mailed=mail.state if mail else None,
            mailed_at=mail.sent_at if mail else None,
            device=row.session_ends_at is not None and now < row.session_ends_at,
            done=whole.get(key_of(row.id), 0),
            of=begun,
            papers=papers.get(key_of(row.id), 0),
            once=sum(turns == 1 for turns in waiting.get(key_of(row.id), ())),
            differ=sum(turns == 2 for turns in waiting.get(key_of(row.id), ())),
            finished_at=row.finished_at,
            closed_at=row.closed_at,
            closed_reason=row.closed_reason,
            removed_reason=row.removed_reason,
            removed=row.removed_at is not None,
        )
        for row, contact, organisation, name in rows
        for mail in [_of_this_link(row, mails.get(key_of(row.id)))]
    ]


def _mails(session: Session, jurors: Sequence[int]) -> dict[int, Mail]:
    """The last mail with a link to each."""
    rows = session.exec(
        select(Mail).where(col(Mail.juror_id).in_(jurors), Mail.template == LINK_MAIL).order_by(col(Mail.id))
    )
    return {row.juror_id: row for row in rows if row.juror_id is not None}


def _of_this_link(row: Juror, mail: Mail | None) -> Mail | None:
    """The mail, unless it was with a link before the one that works."""
    return mail if mail and row.issued_at is not None and mail.queued_at >= row.issued_at else None


def add_juror(
    session: Session, coordinator: Coordinator, round_code: str, given: JurorInput, now: datetime
) -> str:
    """Put somebody on the jury; the code by which the juror is addressed. Possible until all is closed."""
    pot = _held(session, coordinator, round_code)
    organisation = session.exec(
        select(Organisation.id)
        .join(CallOrganisation, col(CallOrganisation.organisation_id) == col(Organisation.id))
        .where(CallOrganisation.call_id == coordinator.call_id, Organisation.code == given.organisation)
    ).one_or_none()
    if organisation is None:
        raise Invalid({"organisation": "enum"})
    last = session.exec(select(func.max(Juror.number)).where(Juror.round_id == pot.id)).one() or 0
    if last >= MOST_JURORS:
        raise TooManyJurors(most=MOST_JURORS)
    row = Juror(
        round_id=key_of(pot.id),
        number=last + 1,
        code=random_code(),
        organisation_id=organisation,
        added_at=now,
    )
    session.add(row)
    session.flush()
    session.add(
        JurorContact(
            juror_id=key_of(row.id), name=given.name, email=given.email or "", phone=given.phone,
            language=given.language,
        )
    )  # fmt: skip
    _note(session, coordinator, pot, row, "juror.add", {}, now)
    return row.code


def change_contact(
    session: Session,
    coordinator: Coordinator,
    round_code: str,
    juror: str,
    given: ContactInput,
    now: datetime,
) -> None:
    """Say otherwise how a juror is called, or reached. An address that was wrong lets nobody in any more:
    once another one takes its place, link and code are worthless."""
    pot, row, contact = held_juror(session, coordinator, round_code, juror)
    before = contact.email
    contact.name, contact.email, contact.phone = given.name, given.email or "", given.phone
    contact.language = given.language
    if before and contact.email != before:
        forget_access(row, contact)
    session.add(contact)
    _note(session, coordinator, pot, row, "juror.contact", {}, now)


def close_juror(
    session: Session, coordinator: Coordinator, round_code: str, juror: str, reason: str, now: datetime
) -> None:
    """Take no more from a juror who never finishes, or never came; what they scored counts."""
    pot, row = _held_juror(session, coordinator, round_code, juror)
    if row.finished_at is None and row.closed_at is None:
        row.closed_at, row.closed_reason = now, reason
        _note(session, coordinator, pot, row, "juror.close", {"reason": reason}, now)


def open_juror(
    session: Session, coordinator: Coordinator, round_code: str, juror: str, reason: str, now: datetime
) -> None:
    """Let a juror go on who pressed too soon, or came after all."""
    pot, row = _held_juror(session, coordinator, round_code, juror)
    if row.finished_at is not None or row.closed_at is not None:
        row.finished_at = row.closed_at = None
        row.closed_reason = ""
        _note(session, coordinator, pot, row, "juror.open", {"reason": reason}, now)


def remove_juror(
    session: Session, coordinator: Coordinator, round_code: str, juror: str, reason: str, now: datetime
) -> None:
    """Take somebody off the jury, as when another one comes instead: nothing that they scored counts."""
    pot, row = _held_juror(session, coordinator, round_code, juror)
    row.removed_at, row.removed_reason = now, reason
    contact = session.get(JurorContact, row.id)
    if contact is not None:
        forget_access(row, contact)
        session.add(contact)
    _note(session, coordinator, pot, row, "juror.remove", {"reason": reason}, now)


def _held(session: Session, coordinator: Coordinator, round_code: str) -> AwardRound:
    """The pot, locked; refused where pitches are not scored, or all is closed."""
    pot = held_pot(session, coordinator, round_code)
    if pot.pitch_weight is None:
        raise PitchesNotScored
    closed = select(PitchScoring.closed_at).where(PitchScoring.round_id == pot.id)
    if session.exec(closed).one_or_none() is not None:
        raise PitchesClosed
    return pot


def _held_juror(
    session: Session, coordinator: Coordinator, round_code: str, juror: str
) -> tuple[AwardRound, Juror]:
    pot = _held(session, coordinator, round_code)
    row = session.exec(
        select(Juror)
        .where(Juror.round_id == pot.id, Juror.code == juror)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    if row.removed_at is not None:
        raise JurorTakenOff
    return pot, row


def _note(
    session: Session,
    coordinator: Coordinator,
    pot: AwardRound,
    row: Juror,
    action: str,
    detail: Mapping[str, object],
    now: datetime,
) -> None:
    session.add(row)
    session.flush()
    record(
        session, action, now=now, person_id=coordinator.person_id, call_id=coordinator.call_id,
        subject=row.code, detail={"round": pot.code, **detail},
    )  # fmt: skip
