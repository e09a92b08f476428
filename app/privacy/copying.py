"""Everything that is kept about oneself, as one value: for a file, and for a program.

It is put together from what the person may read anyway, so that no reviewer, no score before its time and
no other team's word can be in it.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant, SignedIn
from app.accounts.queries import OwnToken, own_tokens
from app.applications.corrections import OwnCorrection, own_correction
from app.applications.own import own_applications, own_copy, own_draft, own_status
from app.applications.own_files import WholeFile, every_file
from app.applications.own_leaks import OwnLeak, own_leaks
from app.applications.own_models import OwnApplication, OwnFile, OwnSentFile, OwnStep
from app.applications.readable import Readable
from app.applications.roles import own_roles
from app.decisions.factual import OwnNote, own_notes
from app.decisions.outcome import OwnResult, own_result
from app.decisions.refusals import NoResult
from app.errors import NotFound
from app.events.notes import own_slides
from app.events.own_pitch import KeptPitch, kept_pitch, slides_place
from app.models.accounts import BrowserSession
from app.models.applications import Application, Sending
from app.models.audit import AuditEntry
from app.models.calls import AwardRound, Call, Criterion
from app.models.outbox import Mail
from app.models.panel import Organisation, PanelMember, ReviewerRequest
from app.models.people import Attendee, Consent, Invitation, Person, ReviewerInvitation, SentLeak
from app.models.reviews import Assignment, Review, ReviewScore
from app.privacy.requests import OwnAccount, OwnRequest, own_account, own_requests


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KeptSession(_Kept):
    """One browser that is signed in."""

    browser: str
    shared_computer: bool
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class KeptRole(_Kept):
    """What one does in a call."""

    role: str
    call: str


class KeptConsent(_Kept):
    """One box that was ticked."""

    ref: str
    kind: str
    text_version: str
    language: str
    given_at: datetime
    withdrawn_at: datetime | None


class KeptInvitation(_Kept):
    """An invitation to a team that was sent to one's own address; nothing more of that team."""

    call: str
    role: str
    state: str
    invited_at: datetime
    expires_at: datetime
    answered_at: datetime | None


class KeptInvited(_Kept):
    """An address that one has invited to one's own team."""

    ref: str
    email: str
    role: str
    state: str
    invited_at: datetime


class KeptSeat(_Kept):
    """An invitation to review that was sent to one's own address."""

    call: str
    organisation: str
    state: str
    proposals: int | None
    hours: int | None
    due_at: datetime | None
    note: str
    reason: str
    invited_at: datetime | None
    answered_at: datetime | None


class KeptPlace(_Kept):
    """A place in the audience of an evening, registered with one's own address."""

    call: str
    name: str
    needs: str
    state: str
    asked_at: datetime
    confirmed_at: datetime | None
    came_at: datetime | None


class KeptWish(_Kept):
    """What one has asked of a coordinator as a reviewer, and the answer."""

    call: str
    kind: str
    until: datetime | None
    count: int | None
    reason: str
    state: str
    answer: str
    asked_at: datetime


class KeptLeak(_Kept):
    """A place in what was sent that may give its team away; `spans` in code points of the text."""

    kind: str
    sure: bool
    section: str
    field: str
    file_number: int | None
    spans: list[tuple[int, int]]
    left_by_applicant: bool


class KeptSending(_Kept):
    """What was sent, as it was sent: money in tiyn, choices as codes."""

    number: int
    sent_at: datetime
    sha256: str
    sent_by_me: bool
    sections: dict[str, dict[str, Any]]
    files: list[OwnSentFile]
    leaks: list[KeptLeak]


class KeptFile(_Kept):
    """One upload. `uploaded` and `cleaned` are its places in the ZIP: as it came, and as reviewers get it."""

    file: OwnFile
    sent: bool
    uploaded: str
    cleaned: str


class KeptApplication(_Kept):
    """One application with all that its team sees; `factual` are the errors it pointed out."""

    application: OwnApplication
    drafts: dict[str, dict[str, Any]]
    files: list[KeptFile]
    leaks: list[OwnLeak]
    sendings: list[KeptSending]
    steps: list[OwnStep]
    correction: OwnCorrection | None
    pitch: KeptPitch | None
    result: OwnResult | None
    factual: list[OwnNote]


class KeptScore(_Kept):
    """One cell of a review of one's own."""

    criterion: str
    score: int | None
    cannot_judge: bool
    reason: str


class KeptReview(_Kept):
    """A review that one has written; the application is known by its code alone."""

    code: str
    tie: str | None
    tie_note: str
    convinced: str
    stronger: str
    panel_note: str
    private_note: str
    confidence: str | None
    scores: list[KeptScore]


class KeptMail(_Kept):
    """That a mail was queued, and what became of it."""

    template: str
    state: str
    queued_at: datetime
    sent_at: datetime | None


class KeptAct(_Kept):
    """One line of the log of acts."""

    action: str
    subject: str
    at: datetime


class KeptData(_Kept):
    """Everything, at one instant."""

    made_at: datetime
    account: OwnAccount
    sessions: list[KeptSession]
    tokens: list[OwnToken]
    roles: list[KeptRole]
    consents: list[KeptConsent]
    invitations: list[KeptInvitation]
    places: list[KeptPlace]
    invited: list[KeptInvited]
    review_invitations: list[KeptSeat]
    review_requests: list[KeptWish]
    applications: list[KeptApplication]
    reviews: list[KeptReview]
    mail: list[KeptMail]
    requests: list[OwnRequest]
    acts: list[KeptAct]


def kept_data(session: Session, who: Applicant, now: datetime) -> KeptData:
    """All of it."""
    return KeptData(
        made_at=now,
        account=own_account(session, who),
        sessions=_sessions(session, who, now),
        tokens=own_tokens(session, SignedIn(who.person_id), now),
        roles=[KeptRole(role=str(each.role), call=each.call) for each in own_roles(session, who).panel],
        consents=_consents(session, who),
        invitations=_invitations(session, who),
        invited=_invited(session, who),
        review_invitations=_seats(session, who),
        places=_places(session, who),
        review_requests=_wishes(session, who),
        applications=[_application(session, who, own, now) for own in own_applications(session, who, now)],
        reviews=_reviews(session, who),
        mail=_mail(session, who),
        requests=own_requests(session, who),
        acts=_acts(session, who),
    )


def _sessions(session: Session, who: Applicant, now: datetime) -> list[KeptSession]:
    rows = session.exec(
        select(BrowserSession)
        .where(BrowserSession.person_id == who.person_id, BrowserSession.expires_at > now)
        .order_by(col(BrowserSession.created_at))
    )
    return [KeptSession(**row.model_dump(include=set(KeptSession.model_fields))) for row in rows]


def _invitations(session: Session, who: Applicant) -> list[KeptInvitation]:
    """None to a team of a call in which one scores: it would tell of an application there."""
    on_panel = select(PanelMember.call_id).where(PanelMember.person_id == who.person_id)
    rows = session.exec(
        select(Call.slug, Invitation)
        .join(Application, col(Application.call_id) == col(Call.id))
        .join(Invitation, col(Invitation.application_id) == col(Application.id))
        .join(Person, col(Person.email) == col(Invitation.email))
        .where(col(Person.id) == who.person_id, col(Call.id).not_in(on_panel))
        .order_by(col(Invitation.id))
    )
    return [
        KeptInvitation(
            call=call,
            role=str(row.role),
            state=str(row.state),
            invited_at=row.invited_at,
            expires_at=row.expires_at,
            answered_at=row.answered_at,
        )
        for call, row in rows
    ]


def _invited(session: Session, who: Applicant) -> list[KeptInvited]:
    rows = session.exec(
        select(Application.ref, Invitation)
        .join(Invitation, col(Invitation.application_id) == col(Application.id))
        .where(Invitation.invited_by == who.person_id)
        .order_by(col(Invitation.id))
    )
    return [
        KeptInvited(
            ref=ref, email=row.email, role=str(row.role), state=str(row.state), invited_at=row.invited_at
        )
        for ref, row in rows
    ]


def _seats(session: Session, who: Applicant) -> list[KeptSeat]:
    """What one was proposed for is not among them: nobody has written to the person."""
    rows = session.exec(
        select(Call.slug, Organisation.code, ReviewerInvitation)
        .join(Call, col(Call.id) == col(ReviewerInvitation.call_id))
        .join(Organisation, col(Organisation.id) == col(ReviewerInvitation.organisation_id))
        .join(Person, col(Person.email) == col(ReviewerInvitation.email))
        .where(col(Person.id) == who.person_id)
        .order_by(col(ReviewerInvitation.id))
    )
    shared = set(KeptSeat.model_fields) - {"call", "organisation"}
    return [
        KeptSeat(call=call, organisation=organisation, **row.model_dump(include=shared))
        for call, organisation, row in rows
    ]


def _places(session: Session, who: Applicant) -> list[KeptPlace]:
    rows = session.exec(
        select(Call.slug, Attendee)
        .join(AwardRound, col(AwardRound.call_id) == col(Call.id))
        .join(Attendee, col(Attendee.round_id) == col(AwardRound.id))
        .join(Person, col(Person.email) == col(Attendee.email))
        .where(col(Person.id) == who.person_id)
        .order_by(col(Attendee.id))
    )
    shared = set(KeptPlace.model_fields) - {"call"}
    return [KeptPlace(call=call, **row.model_dump(include=shared)) for call, row in rows]


def _wishes(session: Session, who: Applicant) -> list[KeptWish]:
    rows = session.exec(
        select(Call.slug, ReviewerRequest)
        .join(Call, col(Call.id) == col(ReviewerRequest.call_id))
        .join(PanelMember, col(PanelMember.id) == col(ReviewerRequest.member_id))
        .where(PanelMember.person_id == who.person_id)
        .order_by(col(ReviewerRequest.id))
    )
    shared = set(KeptWish.model_fields) - {"call"}
    return [KeptWish(call=call, **row.model_dump(include=shared)) for call, row in rows]


def _consents(session: Session, who: Applicant) -> list[KeptConsent]:
    rows = session.exec(
        select(Application.ref, Consent)
        .join(Consent, col(Consent.application_id) == col(Application.id))
        .where(Consent.person_id == who.person_id)
        .order_by(col(Consent.id))
    )
    wanted = set(KeptConsent.model_fields)
    return [KeptConsent(ref=ref, **row.model_dump(include=wanted)) for ref, row in rows]


def _application(session: Session, who: Applicant, own: OwnApplication, now: datetime) -> KeptApplication:
    draft = own_draft(session, who, own.ref, now)
    return KeptApplication(
        application=own,
        drafts={section.code: section.data for section in draft.sections},
        files=[_file(own.ref, each) for each in every_file(session, who, own.ref)],
        leaks=own_leaks(session, draft),
        sendings=_sendings(session, who, own, now),
        steps=own_status(session, who, own.ref, now).steps,
        correction=_correction(session, who, own, now),
        pitch=kept_pitch(session, who, own.ref),
        result=_result(session, who, own),
        factual=own_notes(session, who, own.ref).notes,
    )


def kept_files(session: Session, who: Applicant, ref: str) -> list[tuple[str, Readable]]:
    """What of the store belongs to an application, by its place in the ZIP."""
    kept = [
        place
        for each in every_file(session, who, ref)
        for named in [_file(ref, each)]
        for place in ((named.uploaded, each.uploaded), (named.cleaned, each.cleaned))
    ]
    with suppress(NotFound):
        kept.append((slides_place(ref), own_slides(session, who, ref)))
    return kept


def _file(ref: str, each: WholeFile) -> KeptFile:
    """Its code stands before the name that it came with: two may have the same, or one of dots alone."""
    return KeptFile(
        file=each.file,
        sent=each.sent,
        uploaded=f"{ref}/uploaded/{each.file.code}-{each.uploaded.name}",
        cleaned=f"{ref}/cleaned/{each.cleaned.name}",
    )


def _sendings(session: Session, who: Applicant, own: OwnApplication, now: datetime) -> list[KeptSending]:
    sent = session.exec(
        select(Sending.number, Sending.sent_by)
        .join(Application, col(Application.id) == col(Sending.application_id))
        .where(Application.ref == own.ref)
        .order_by(col(Sending.number))
    ).all()
    leaks = _leaks(session, own.ref)
    copies = [(own_copy(session, who.person_id, own.ref, number, now), by) for number, by in sent]
    return [
        KeptSending(
            number=copy.number,
            sent_at=copy.sent_at,
            sha256=copy.sha256,
            sent_by_me=by == who.person_id,
            sections=copy.sections,
            files=copy.files,
            leaks=leaks.get(copy.number, []),
        )
        for copy, by in copies
    ]


def _leaks(session: Session, ref: str) -> dict[int, list[KeptLeak]]:
    columns: Any = (Sending.number, SentLeak)
    rows = session.exec(
        select(*columns)
        .join(SentLeak, col(SentLeak.sending_id) == col(Sending.id))
        .join(Application, col(Application.id) == col(Sending.application_id))
        .where(Application.ref == ref)
        .order_by(col(SentLeak.position))
    )
    found: dict[int, list[KeptLeak]] = {}
    for number, row in rows:
        found.setdefault(number, []).append(KeptLeak(**row.model_dump(include=set(KeptLeak.model_fields))))
    return found


def _correction(session: Session, who: Applicant, own: OwnApplication, now: datetime) -> OwnCorrection | None:
    try:
        return own_correction(session, who, own.ref, now)
    except NotFound:
        return None


def _result(session: Session, who: Applicant, own: OwnApplication) -> OwnResult | None:
    try:
        return own_result(session, who, own.ref)
    except NoResult:
        return None


def _reviews(session: Session, who: Applicant) -> list[KeptReview]:
    columns: Any = (Application.code, Assignment, Review)
    rows = session.exec(
        select(*columns)
        .join(Assignment, col(Assignment.application_id) == col(Application.id))
        .join(Review, col(Review.assignment_id) == col(Assignment.id))
        .join(PanelMember, col(PanelMember.id) == col(Assignment.member_id))
        .where(PanelMember.person_id == who.person_id)
        .order_by(col(Application.code))
    ).all()
    cells = _cells(session, [review.assignment_id for _, _, review in rows])
    return [
        KeptReview(
            code=code,
            tie=str(assignment.tie) if assignment.tie else None,
            tie_note=assignment.tie_note,
            convinced=review.convinced,
            stronger=review.stronger,
            panel_note=review.panel_note,
            private_note=review.private_note,
            confidence=str(review.confidence) if review.confidence else None,
            scores=cells.get(review.assignment_id, []),
        )
        for code, assignment, review in rows
    ]


def _cells(session: Session, assignments: list[int]) -> dict[int, list[KeptScore]]:
    found: dict[int, list[KeptScore]] = {}
    rows = session.exec(
        select(Criterion.code, ReviewScore)
        .join(ReviewScore, col(ReviewScore.criterion_id) == col(Criterion.id))
        .where(col(ReviewScore.assignment_id).in_(assignments))
        .order_by(col(Criterion.position))
    )
    for criterion, row in rows:
        found.setdefault(row.assignment_id, []).append(
            KeptScore(criterion=criterion, score=row.score, cannot_judge=row.cannot_judge, reason=row.reason)
        )
    return found


def _mail(session: Session, who: Applicant) -> list[KeptMail]:
    rows = session.exec(select(Mail).where(Mail.person_id == who.person_id).order_by(col(Mail.id)))
    return [
        KeptMail(template=row.template, state=str(row.state), queued_at=row.queued_at, sent_at=row.sent_at)
        for row in rows
    ]


def _acts(session: Session, who: Applicant) -> list[KeptAct]:
    rows = session.exec(
        select(AuditEntry.action, AuditEntry.subject, AuditEntry.at)
        .where(AuditEntry.person_id == who.person_id)
        .order_by(col(AuditEntry.id))
    )
    return [KeptAct(action=action, subject=subject, at=at) for action, subject, at in rows]
