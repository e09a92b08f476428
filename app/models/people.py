"""Every table that can name a person. PROTECTED: an import contract lists who may read it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.leaks.kinds import Kind
from app.models.applications import Agreed, Channel, InvitationState, Likeness, Screened, TeamRole
from app.models.columns import Word, json, one_of, word
from app.models.decisions import FactualOutcome
from app.models.events import AttendeeState
from app.models.panel import SeatState
from app.models.proof import ProofState
from app.models.reviews import TieGround
from app.random_codes import random_code


class Person(SQLModel, table=True):
    """Somebody who can sign in: with an e-mail, stored lower-case, or without one by a `ReturnCode`.

    `reminders_stopped_at` is of one's drafts, `digests_stopped_at` of the weekly mail to reviewers.
    `phone`, as it was typed, and `birth_year` are for the return code, and for calling who has no e-mail.
    """

    id: int | None = Field(default=None, primary_key=True)
    email: str | None = Field(default=None, unique=True, max_length=254)
    name: str = Field(default="", max_length=200)
    language: str = Field(default="kk", max_length=2)
    created_at: datetime
    disabled_at: datetime | None = None
    reminders_stopped_at: datetime | None = None
    digests_stopped_at: datetime | None = None
    phone: str = Field(default="", max_length=40)
    birth_year: int | None = None


class ReturnCode(SQLModel, table=True):
    """What lets somebody in without e-mail, together with a fact of the person. Only a keyed hash is stored.

    `made_by` is the person, or the coordinator who printed it for them. `wrong_facts` counts the wrong facts
    that came with the right code since somebody signed in with it: too many, and it works no more.
    """

    __tablename__ = "return_code"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    code_hash: str = Field(unique=True, max_length=64)
    made_at: datetime
    made_by: int = Field(foreign_key="person.id")
    wrong_facts: int = 0


class SignIn(SQLModel, table=True):
    """One request for a code. Code and link are derived from `nonce` and the secret key, never stored.

    With a `person_id` it signs nobody in: this account asked to have the address as its own.
    """

    __tablename__ = "sign_in"

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(max_length=254)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    nonce: str = Field(max_length=64)
    browser_hash: str = Field(unique=True, max_length=64)
    language: str = Field(max_length=2)
    next_path: str = Field(default="", max_length=500)
    tries: int = 0
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class Applicant(SQLModel, table=True):
    """Who is behind an application: the only link between the two. `code` names it to the team."""

    __table_args__ = (one_of("role", TeamRole), Index("uq_applicant_code", "code", unique=True))

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    role: TeamRole = word(TeamRole, default=TeamRole.OWNER)
    code: str = Field(default_factory=random_code, max_length=16)
    version: int = 1
    joined_at: datetime
    reminders_stopped_at: datetime | None = None


class Invitation(SQLModel, table=True):
    """An address that a draft's owner asked to join the team; `code` is how its team names it.

    The mailed key is derived from `nonce` and the secret key, never stored; `mails` counts what was sent.
    """

    __table_args__ = (
        one_of("role", TeamRole),
        one_of("state", InvitationState),
        UniqueConstraint("application_id", "email"),
    )

    id: int | None = Field(default=None, primary_key=True)
    application_id: int = Field(foreign_key="application.id")
    email: str = Field(max_length=254, index=True)
    role: TeamRole = word(TeamRole, default=TeamRole.EDITOR)
    language: str = Field(max_length=2)
    code: str = Field(unique=True, max_length=16)
    nonce: str = Field(max_length=64)
    state: InvitationState = word(InvitationState, default=InvitationState.PENDING)
    mails: int = 1
    invited_by: int = Field(foreign_key="person.id")
    invited_at: datetime
    expires_at: datetime
    answered_at: datetime | None = None


class ReviewerInvitation(SQLModel, table=True):
    """Somebody invited to review in a call: for which organisation, how much, by when.

    An address is answered by whoever signs in with it. `proposals`, `hours` and `due_at` are what the mail
    says. `proposed_by` is whoever proposed them, where a coordinator invited by a `ReviewerProposal`; `note`
    are the inviter's own words, `reason` those of whoever declines. No row is `PROPOSED`.
    """

    __tablename__ = "reviewer_invitation"
    __table_args__ = (
        one_of("state", SeatState),
        UniqueConstraint("call_id", "email"),
        CheckConstraint(
            "state = 'proposed' OR (proposals > 0 AND hours > 0 AND due_at IS NOT NULL)", name="says_how_much"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    email: str = Field(max_length=254, index=True)
    name: str = Field(default="", max_length=200)
    language: str = Field(max_length=2)
    code: str = Field(unique=True, max_length=16)
    state: SeatState = word(SeatState)
    proposals: int | None = None
    hours: int | None = None
    due_at: datetime | None = None
    note: str = Field(default="", max_length=1000)
    proposed_by: int | None = Field(default=None, foreign_key="person.id")
    invited_by: int | None = Field(default=None, foreign_key="person.id")
    mails: int = 0
    made_at: datetime
    invited_at: datetime | None = None
    answered_at: datetime | None = None
    reason: str = Field(default="", max_length=1000)
    version: int = 1


class ReviewerProposal(SQLModel, table=True):
    """An address that somebody of an organisation proposed as its reviewer: their own row, whatever else is
    known of the address.

    `settled_at`: a coordinator invited by it or dismissed it. Whoever proposed never sees that.
    """

    __tablename__ = "reviewer_proposal"
    __table_args__ = (UniqueConstraint("call_id", "organisation_id", "proposed_by", "email"),)

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    proposed_by: int = Field(foreign_key="person.id")
    email: str = Field(max_length=254, index=True)
    name: str = Field(default="", max_length=200)
    code: str = Field(unique=True, max_length=16)
    made_at: datetime
    settled_at: datetime | None = None


class Presence(SQLModel, table=True):
    """In which section a member of a team is at work: seen there last, and there since `taken_at`."""

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    section: str = Field(max_length=40)
    taken_at: datetime
    seen_at: datetime


class Assistance(SQLModel, table=True):
    """That a coordinator types in an application for its owner: who, what it came by, how it was agreed to.

    It gives a right to the draft until it `ended_at`: with the sending, or when it was handed over. The row
    stays, since who typed it knows whose it is. `consent_note` says where the signed paper is, or when it
    was said; it may name somebody.
    """

    __table_args__ = (one_of("channel", Channel), one_of("consent", Agreed))

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    typed_by: int = Field(foreign_key="person.id", index=True)
    channel: Channel = word(Channel)
    received_on: date
    consent: Agreed = word(Agreed)
    consent_note: str = Field(max_length=300)
    started_at: datetime
    ended_at: datetime | None = None


class Extension(SQLModel, table=True):
    """A later deadline for one application, or that it was taken back (`until` is NULL): one row an act.

    The highest number is in force, and `Application.extended_to` says the same. The reason is free text,
    which may name somebody.
    """

    __table_args__ = (UniqueConstraint("application_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    application_id: int = Field(foreign_key="application.id")
    number: int
    until: datetime | None = None
    reason: str = Field(max_length=1000)
    given_by: int = Field(foreign_key="person.id")
    given_at: datetime


class IdentityDraft(SQLModel, table=True):
    """What was typed in a section that names people (`team`, `candidate`), valid or not."""

    __tablename__ = "identity_draft"

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    section: str = Field(primary_key=True, max_length=40)
    data: dict[str, Any] = json()
    version: int = 1
    updated_at: datetime
    updated_by: int = Field(foreign_key="person.id")


class IdentityDraftVersion(SQLModel, table=True):
    """What a draft that names people held at `version`; the same as `DraftVersion` beside it."""

    __tablename__ = "identity_draft_version"

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    section: str = Field(primary_key=True, max_length=40)
    version: int = Field(primary_key=True)
    data: dict[str, Any] = json()
    saved_at: datetime
    saved_by: int = Field(foreign_key="person.id")
    kept_at: datetime
    sent_number: int | None = None


class CorrectionDraft(SQLModel, table=True):
    """What was typed in answer to a request for a correction and is not sent; the newest version stands.

    `data` holds the named answers of every section, so that some of them may name people.
    """

    __tablename__ = "correction_draft"

    correction_id: int = Field(foreign_key="correction.id", primary_key=True)
    version: int = Field(primary_key=True)
    data: dict[str, Any] = json()
    saved_at: datetime
    saved_by: int = Field(foreign_key="person.id")


class Identity(SQLModel, table=True):
    """The identity half of one sending; the other half is `Packet`. Never changed."""

    sending_id: int = Field(foreign_key="sending.id", primary_key=True)
    data: dict[str, Any] = json()
    display_name: str = Field(max_length=300)


class Consent(SQLModel, table=True):
    """One box ticked by one person: which text, in which language, when, and when it was taken back.

    Given again it is a new row, so that nothing of what was said before is overwritten.
    """

    __table_args__ = (
        Index(
            "uq_consent_given",
            "application_id",
            "person_id",
            "kind",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    application_id: int = Field(foreign_key="application.id")
    person_id: int = Field(foreign_key="person.id")
    kind: str = Field(max_length=40)
    text_version: str = Field(max_length=40)
    language: str = Field(max_length=2)
    given_at: datetime
    withdrawn_at: datetime | None = None


class OpeningReminder(SQLModel, table=True):
    """An address that asked for one e-mail when a call opens, and agreed to being kept until then.

    `code` stands in that e-mail; all that it can do is to remove this row.
    """

    __tablename__ = "opening_reminder"
    __table_args__ = (UniqueConstraint("call_id", "email"),)

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id")
    email: str = Field(max_length=254)
    language: str = Field(max_length=2)
    code: str = Field(unique=True, max_length=64)
    text_version: str = Field(max_length=40)
    agreed_at: datetime


class OriginalFile(SQLModel, table=True):
    """A file as it was uploaded: its name and its bytes name people, and so may the words that are in it.

    `text` is for warning its owner of names in it; no page shows it.
    """

    __tablename__ = "original_file"

    file_id: int = Field(foreign_key="application_file.id", primary_key=True)
    name: str = Field(max_length=255)
    media_type: str = Field(max_length=40)
    sha256: str = Field(max_length=64)
    size: int
    text: str = ""
    added_by: int = Field(foreign_key="person.id")


class LeakLeft(SQLModel, table=True):
    """That somebody read a warning and left the place to the coordinator.

    `code` is a hash of the text and of what was found in it, so that a changed text is warned of again.
    """

    __tablename__ = "leak_left"

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    code: str = Field(primary_key=True, max_length=40)
    left_by: int = Field(foreign_key="person.id")
    left_at: datetime


class SentLeak(SQLModel, table=True):
    """A place in one sending that may give the applicant away, for the coordinator, who decides.

    `field` is `question`, `table.<row id>.question`, or `title` or `text` of the file `file_number`. `spans`
    are pairs of from and up to, in code points of the text as it was sent. What stands there is who somebody
    is: that makes the table one that names people, though it holds no word. `left_by_applicant`: whether the
    team has seen the warning and left it.
    """

    __tablename__ = "sent_leak"
    __table_args__ = (one_of("kind", Kind), UniqueConstraint("sending_id", "position"))

    id: int | None = Field(default=None, primary_key=True)
    sending_id: int = Field(foreign_key="sending.id")
    position: int
    kind: Kind = word(Kind)
    sure: bool
    section: str = Field(default="", max_length=40)
    field: str = Field(max_length=100)
    file_number: int | None = None
    file_id: int | None = Field(default=None, foreign_key="application_file.id")
    spans: list[Any] = json()
    left_by_applicant: bool


class Screening(SQLModel, table=True):
    """One act of checking an application against the rules: the highest number is in force.

    It judges sending `sending_number`: what was sent anew is to be looked at anew. `checks` is rule ->
    `met`, `unmet` or `unclear`. `words` go to the applicant; `note` stays with the coordinators. Both are
    free text, which may name somebody.
    """

    __table_args__ = (one_of("act", Screened),)

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    number: int = Field(primary_key=True)
    act: Screened = word(Screened)
    sending_number: int
    checks: dict[str, Any] = json()
    words: str = Field(default="", max_length=2000)
    note: str = Field(default="", max_length=1000)
    by: int = Field(foreign_key="person.id")
    at: datetime


class FlagAnswer(SQLModel, table=True):
    """How a coordinator resolved a flag, and who."""

    __tablename__ = "flag_answer"

    flag_id: int = Field(foreign_key="flag.id", primary_key=True)
    words: str = Field(max_length=1000)
    by: int = Field(foreign_key="person.id")
    at: datetime


class Trace(SQLModel, table=True):
    """What one sending says, folded for the desk's search. The job worker makes it soon after sending."""

    sending_id: int = Field(foreign_key="sending.id", primary_key=True)
    words: str


class TraceKey(SQLModel, table=True):
    """By what another application can be found that is like this sending; `value` is a hash."""

    __tablename__ = "trace_key"
    __table_args__ = (one_of("kind", Likeness), Index("ix_trace_key_value", "kind", "value"))

    sending_id: int = Field(foreign_key="sending.id", primary_key=True)
    kind: Likeness = Field(sa_type=Word(Likeness), primary_key=True)
    value: str = Field(primary_key=True, max_length=24)


class TextLikeness(SQLModel, table=True):
    """How much the texts of two sendings have in common, where that is enough to call them alike."""

    __tablename__ = "text_likeness"

    sending_id: int = Field(foreign_key="sending.id", primary_key=True)
    other_id: int = Field(foreign_key="sending.id", primary_key=True, index=True)
    percent: int


class SetAside(SQLModel, table=True):
    """That two applications which are alike in one way are two: a coordinator looked, and said why.

    In another way in which they turn out to be alike they are shown again.
    """

    __tablename__ = "set_aside"
    __table_args__ = (CheckConstraint("one_id < other_id", name="in_order"), one_of("kind", Likeness))

    one_id: int = Field(foreign_key="application.id", primary_key=True)
    other_id: int = Field(foreign_key="application.id", primary_key=True, index=True)
    kind: Likeness = Field(sa_type=Word(Likeness), primary_key=True)
    reason: str = Field(max_length=1000)
    by: int = Field(foreign_key="person.id")
    at: datetime


class Redaction(SQLModel, table=True):
    """What a coordinator decided of one application's texts and files; reviewers get what is cleared with it.

    `texts`: place -> how, the text that stands there now, and the hash of the text that was decided on;
    `files`: hash of a clean copy -> how, and where another file stands for it, that file. So a decision is of
    those words and bytes alone, in whichever sending they stand: what is sent otherwise later is undecided.
    """

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    version: int = 1
    texts: dict[str, Any] = json()
    files: dict[str, Any] = json()
    decided_at: datetime
    decided_by: int = Field(foreign_key="person.id")


class Conflict(SQLModel, table=True):
    """That somebody on the panel has a tie with an application, or that a suspected one is none.

    A reviewer's own answer is `Assignment.tie`. Here is what a coordinator declared of themself, pinned on
    somebody, or decided on a suspicion, whose `evidence` was what matched: another evidence is another
    question. `stands` is False for what is no tie, or is one no more. The reason may name somebody.
    """

    __table_args__ = (
        one_of("ground", TieGround),
        UniqueConstraint("application_id", "person_id", "ground", "evidence"),
        Index("ix_conflict_whose", "person_id", "call_id", "stands"),
    )

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id", index=True)
    application_id: int = Field(foreign_key="application.id")
    person_id: int = Field(foreign_key="person.id")
    ground: TieGround = word(TieGround)
    evidence: str = Field(default="", max_length=300)
    stands: bool
    reason: str = Field(max_length=1000)
    version: int = 1
    decided_by: int = Field(foreign_key="person.id")
    decided_at: datetime


class DevelopmentMail(SQLModel, table=True):
    """A mail that would have left, where no SMTP server is configured."""

    __tablename__ = "development_mail"

    id: int | None = Field(default=None, primary_key=True)
    recipient: str = Field(max_length=254, index=True)
    subject: str
    body: str
    sent_at: datetime


class DevelopmentAttachment(SQLModel, table=True):
    """A file that would have left with such a mail; `code` is its address."""

    __tablename__ = "development_attachment"

    id: int | None = Field(default=None, primary_key=True)
    mail_id: int = Field(foreign_key="development_mail.id", index=True)
    code: str = Field(unique=True, max_length=32)
    name: str = Field(max_length=200)
    media_type: str = Field(max_length=100)
    content: bytes


class Message(SQLModel, table=True):
    """A mail as it was sent to an account, so that its reader finds it on the site again.

    Never of a sign-in. `ref` is the application it was about, or empty.
    """

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=16)
    person_id: int = Field(foreign_key="person.id", index=True)
    ref: str = Field(default="", max_length=20, index=True)
    language: str = Field(max_length=2)
    subject: str
    body: str
    sent_at: datetime


PROOF_WAITS = text("state = 'running'")


class BlindnessProof(SQLModel, table=True):
    """One check of a call, made reviewer by reviewer; one at a time runs in a call.

    `reached` is the last member who was looked at; `report` what was found up to there, and in the end all of
    it, of which `digest` is the fingerprint. It holds no word, but says of whom one was found. `asked_by` is
    NULL where the command line asked.
    """

    __tablename__ = "blindness_proof"
    __table_args__ = (
        one_of("state", ProofState),
        UniqueConstraint("call_id", "number"),
        Index(
            "uq_blindness_proof_running",
            "call_id",
            unique=True,
            sqlite_where=PROOF_WAITS,
            postgresql_where=PROOF_WAITS,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    call_id: int = Field(foreign_key="call.id")
    number: int
    state: ProofState = word(ProofState, default=ProofState.RUNNING)
    asked_by: int | None = Field(default=None, foreign_key="person.id")
    asked_at: datetime
    reached: int = 0
    tries: int = 0
    claimed_until: datetime | None = None
    done_at: datetime | None = None
    report: dict[str, Any] = json(default_factory=dict)
    digest: str = Field(default="", max_length=64)


class JurorContact(SQLModel, table=True):
    """Who a juror is, how to reach them on the evening, and in which `language` to write to them.

    The personal link is derived from `nonce` and the secret key, so that it can be mailed and is not stored;
    empty while there is none.
    """

    __tablename__ = "juror_contact"

    juror_id: int = Field(foreign_key="juror.id", primary_key=True)
    name: str = Field(max_length=200)
    email: str = Field(default="", max_length=254)
    phone: str = Field(default="", max_length=40)
    language: str = Field(default="kk", max_length=2)
    nonce: str = Field(default="", max_length=64)


class FactualNote(SQLModel, table=True):
    """A factual error that an applicant points out in what was said of the application, and the answer."""

    __tablename__ = "factual_note"
    __table_args__ = (
        one_of("outcome", FactualOutcome),
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered_whole"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=16)
    application_id: int = Field(foreign_key="application.id", index=True)
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime
    text: str
    outcome: FactualOutcome | None = word(FactualOutcome, default=None, nullable=True)
    answer: str = ""
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = None


class PitchNote(SQLModel, table=True):
    """What a team says for its pitch: how it is announced and pronounced, who comes, what they need there.

    `spoken_title` and `stage_text` are read out, in the team's own language.
    """

    __tablename__ = "pitch_note"
    __table_args__ = (CheckConstraint("people IS NULL OR people > 0", name="some_people"),)

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    spoken_title: str = Field(default="", max_length=200)
    stage_text: str = Field(default="", max_length=600)
    pronunciation: str = Field(default="", max_length=300)
    people: int | None = None
    access_needs: str = Field(default="", max_length=1000)
    version: int = 1
    written_by: int = Field(foreign_key="person.id")
    written_at: datetime


class PitchSlides(SQLModel, table=True):
    """A team's slides: the PDF as it was built anew. Its pages name people."""

    __tablename__ = "pitch_slides"

    application_id: int = Field(foreign_key="application.id", primary_key=True)
    sha256: str = Field(max_length=64)
    size: int
    pages: int
    version: int = 1
    added_by: int = Field(foreign_key="person.id")
    added_at: datetime


class PitchAnswer(SQLModel, table=True):
    """What a team answers to a question of the panel: free text, which may name somebody."""

    __tablename__ = "pitch_answer"

    question_id: int = Field(foreign_key="pitch_question.id", primary_key=True)
    words: str = Field(max_length=1500)
    version: int = 1
    answered_by: int = Field(foreign_key="person.id")
    answered_at: datetime


class Attendee(SQLModel, table=True):
    """Somebody of the audience. The mailed key is derived from `nonce` and the secret key, never stored.

    A trigger counts those who are `confirmed` at the event, whose CHECK keeps its capacity.
    """

    __table_args__ = (
        one_of("state", AttendeeState),
        UniqueConstraint("round_id", "email"),
        CheckConstraint("came_at IS NULL OR state = 'confirmed'", name="came_with_a_place"),
    )

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="event.round_id")
    code: str = Field(unique=True, max_length=16)
    name: str = Field(max_length=200)
    email: str = Field(max_length=254)
    language: str = Field(max_length=2)
    needs: str = Field(default="", max_length=500)
    state: AttendeeState = word(AttendeeState, default=AttendeeState.ASKED)
    nonce: str = Field(max_length=64)
    mails: int = 1
    asked_at: datetime
    confirmed_at: datetime | None = None
    came_at: datetime | None = None
    version: int = 1


class WalkIn(SQLModel, table=True):
    """Somebody who came to the door without a registration; `name` may be empty.

    `number` counts them from 1: whoever looked at an older list counts nobody twice. A trigger counts each
    at the event, whose CHECK keeps its capacity.
    """

    __tablename__ = "walk_in"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="event.round_id")
    code: str = Field(unique=True, max_length=16)
    number: int
    name: str = Field(default="", max_length=200)
    came_at: datetime
    counted_by: int = Field(foreign_key="person.id")
