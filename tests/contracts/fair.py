"""A fair of calls, one in each phase, in which every secret is a word of its own.

Ada, Ben and Carol apply in every call that has opened. Rita scores Ada's and Carol's applications, Rolf
scores Ben's and Carol's, Anna and Karl score all. Cora runs every call but one, which Olga runs.
Where awards are given, Ada comes first, Ben second, Carol gets nothing.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from app.accounts.actors import Applicant as ActingApplicant
from app.accounts.actors import Coordinator
from app.accounts.codes import hashed
from app.applications.actions.filing import freeze_files
from app.applications.codes import free_code
from app.applications.consents import OWN_PICTURE
from app.applications.flags import FlagInput, raise_flag
from app.calls.logos import put_logo
from app.calls.texts import ShortTexts
from app.decisions.announce import publish
from app.decisions.awards import draw_line
from app.decisions.closing import close_reviewing
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.decisions.meeting import CaseInput, MeetingInput, save_case, save_meeting
from app.decisions.sealing import seal
from app.decisions.winner_pictures import PictureInput, choose_picture
from app.events.stage import reveal_next
from app.files.store import Store
from app.models.applications import (
    Agreed,
    Application,
    Channel,
    Draft,
    DraftVersion,
    History,
    Packet,
    Screened,
    Sending,
    Status,
    TeamRole,
)
from app.models.calls import AwardRound, Call, Phase
from app.models.corrections import Correction
from app.models.decisions import PublishedResult, WinnerPicture
from app.models.events import Event, Finalist, FinalistState, PitchCard, PitchQuestion
from app.models.files import FileKind
from app.models.jury import Juror, PitchBallot, PitchScoring
from app.models.meeting import Outcome
from app.models.panel import (
    CallOrganisation,
    Organisation,
    PanelMember,
    PanelRole,
    Programme,
    RequestKind,
    ReviewerRequest,
    SeatState,
)
from app.models.panel import Manager as ManagerRow
from app.models.people import (
    Applicant,
    Assistance,
    BlindnessProof,
    Consent,
    Extension,
    Identity,
    IdentityDraft,
    IdentityDraftVersion,
    Invitation,
    JurorContact,
    Message,
    Person,
    PitchAnswer,
    PitchNote,
    ReturnCode,
    ReviewerInvitation,
    ReviewerProposal,
    Screening,
)
from app.models.proof import ProofState
from app.models.public import Webhook
from app.models.redaction import ClearedPacket
from app.models.reviews import Review, ReviewScore, ReviewVersion, Tie
from app.models.screening import FlagKind
from app.privacy.requests import ask_erasure
from app.random_codes import random_code
from app.sections.catalogue import CATALOGUE
from tests.factories import KNOWN, clear_rows, grant_answers, make_assignment, make_proposal, make_review
from tests.files.kept import keep, keep_logo
from tests.files.made import JPEG_MARKS, MORE_MARKS, PDF_MARKS, mark, marked_jpeg, marked_pdf
from tests.world import NOW, OPENS, ORGANISATIONS, World, key, make_call, make_criteria, texts

APPLICANTS = ("ada", "ben", "carol")
REVIEWERS = {"rita": "BC", "rolf": "AKIM", "anna": "ADC", "karl": "KBTU"}
SCORES = {
    "ada": ("rita", "anna", "karl"),
    "ben": ("rolf", "anna", "karl"),
    "carol": ("rita", "rolf", "anna", "karl"),
}
"""Whose application is scored by whom."""
TIED = (str(Phase.REVIEWING), "ben")
"""In which call Rita has declared a tie, and with whose application."""
OFFLINE = "nina"
"""She has no e-mail and no browser; she is in Carol's team, whose applications were typed in for her."""
CAST = (*APPLICANTS, *REVIEWERS, "cora", "olga", "max", "zoe", "vera")

WITH_APPLICATIONS = (
    Phase.OPEN, Phase.GRACE, Phase.CLOSED, Phase.REVIEWING, Phase.REVIEWED, Phase.DECIDED, Phase.PUBLISHED,
)  # fmt: skip
REVEALING = "revealing"
FOREIGN = "foreign"
ALL = (*[str(phase) for phase in Phase], REVEALING, FOREIGN)

IDENTITY_FIELDS = (
    "family_name", "given_name", "patronymic", "stage_name", "phone", "access_needs", "organisation_name_kk",
    "organisation_name_ru", "legal_form", "bin", "address", "website", "partner_links_note",
)  # fmt: skip


def word(*parts: str) -> str:
    """A word that occurs nowhere else, made of letters and digits only, so that nothing escapes it."""
    digest = hashlib.sha256("/".join(parts).encode()).hexdigest()[:8]
    return "zq" + "".join(part for part in "".join(parts) if part.isalnum()).lower() + digest


def email_of(name: str) -> str:
    return f"{word(name, 'mailbox')}@{word(name, 'domain')}.example"


@dataclass
class Entry:
    """One application of the fair; the codes by which each side knows it."""

    person: str
    ref: str
    code: str
    sent: bool
    words: dict[str, str] = field(default_factory=dict)
    message: str = ""
    mate: str = ""
    invitation: str = ""
    """The codes of the membership, and of an invitation that waits."""
    files: list[str] = field(default_factory=list)
    """The codes of what was uploaded."""
    offline: str = ""
    """The code of the membership of who is in the team beside them."""
    flag: str = ""
    """The code of the flag that Rita raised about it."""
    question: str = ""
    """The code of what the panel asks of it, as a finalist."""

    @property
    def mates(self) -> list[str]:
        """The codes of all memberships."""
        return [each for each in (self.mate, self.offline) if each]


@dataclass
class Stall:
    """One call of the fair, and all that a path can name in it."""

    slug: str
    world: World
    pot: str
    entries: dict[str, Entry] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    """Winners that are public, by applicant."""
    jury_pot: str = ""
    juror: str = ""
    """The codes of another round, whose finalists pitch, and of somebody on its jury."""
    seat: str = ""
    wish: str = ""
    hook: str = ""
    """The codes of an invitation to review, and of what Rita asks for."""


@dataclass
class Fair:
    """Everything that was planted, and who planted it."""

    stalls: dict[str, Stall]
    people: dict[str, Person]

    def entries(self) -> Iterator[tuple[Stall, Entry]]:
        """Every application with the call it is in."""
        for stall in self.stalls.values():
            for entry in stall.entries.values():
                yield stall, entry


def identity_words(stall: Stall, person: str) -> set[str]:
    """Every word that names this person in this call, but the name by which a winner is known."""
    plain = (*IDENTITY_FIELDS, "member", "memberrole", "keptback", "pitchnote", "pitchanswer")
    words = {word(stall.slug, person, each) for each in plain}
    addresses = (email_of(f"{stall.slug}{person}"), email_of(f"{stall.slug}{person}member"))
    return words | {part for address in addresses for part in address.removesuffix(".example").split("@")}


def earlier_of(stall: Stall, person: str, section: str) -> str:
    """What a section said before it was changed: the team's alone, whatever becomes of the rest."""
    return word(stall.slug, person, section, "earlier")


def invited_of(stall: Stall, person: str) -> str:
    """An address that this person has invited to the team: theirs alone to know."""
    return email_of(f"{stall.slug}{person}invited")


def display_of(stall: Stall, person: str) -> str:
    """What a winner is called in public; secret until then."""
    return word(stall.slug, person, "display")


def identity_data(stall: Stall, person: str) -> dict[str, Any]:
    """The identity half of a sending: each answer one word of its own."""
    team: dict[str, Any] = {each: word(stall.slug, person, each) for each in IDENTITY_FIELDS}
    team |= {
        "applicant_kind": "ngo",
        "email": email_of(f"{stall.slug}{person}"),
        "contact_way": "email",
        "contact_language": "en",
        "partner_links": [],
        "members": [
            {
                "id": "t1",
                "name": word(stall.slug, person, "member"),
                "role": word(stall.slug, person, "memberrole"),
                "email": email_of(f"{stall.slug}{person}member"),
            }
        ],
    }
    return {"team": team, "budget": {"prices_found": word(stall.slug, person, "keptback")}}


SENDABLE = {"phone": "+7 701 234 56 78", "bin": "990140000014"}
"""Answers that no planted word could be, so that a draft leads on to its declaration."""


def file_words(stall: Stall, person: str) -> set[str]:
    """Every word that a file of this person's says of them, and nothing of which reviewers ever see."""
    who = word(stall.slug, person, "file")
    places = {*PDF_MARKS, *MORE_MARKS, *JPEG_MARKS}
    return {mark(place, who) for place in places} | {word(stall.slug, person, "filename")}


def make_fair(session: Session, store: Store, names: Sequence[str] = ALL) -> Fair:
    """These calls at `NOW`."""
    session.add(
        Programme(name=texts("Fair"), funder=texts("The fund"), eu_funded=True, help=texts("+7 700 0"))
    )
    organisations = {code: Organisation(code=code, name=name) for code, name in ORGANISATIONS}
    people = {
        name: Person(
            email=email_of(name),
            name=word(name, "account"),
            language="en",
            created_at=OPENS,
            phone=word(name, "phone"),
            birth_year=1931,
        )
        for name in CAST
    }
    people[OFFLINE] = Person(
        name=word(OFFLINE, "account"), language="kk", created_at=OPENS, phone=word(OFFLINE, "phone")
    )
    session.add_all([*organisations.values(), *people.values()])
    session.flush()
    # Cora may create calls too, so that she can copy one of hers.
    session.add_all(ManagerRow(person_id=key(people[name]), since=OPENS) for name in ("max", "cora"))
    session.add(
        ReturnCode(
            person_id=key(people[OFFLINE]),
            code_hash=word(OFFLINE, "code"),
            made_at=OPENS,
            made_by=key(people["cora"]),
        )
    )
    fair = Fair({}, people)
    for name in names:
        runs = "olga" if name == FOREIGN else "cora"
        fair.stalls[name] = _stall(session, store, name, organisations, people, runs)
    # Ada wants to be erased, and nothing has been done about it yet.
    ask_erasure(session, ActingApplicant(key(people["ada"])), 5, NOW - DAY)
    # What the actions wrote by statement is read again, so that the rows can be used without a session.
    members = [each for stall in fair.stalls.values() for each in stall.world.members.values()]
    for row in (*people.values(), *members):
        session.refresh(row)
    return fair


def _stall(
    session: Session,
    store: Store,
    name: str,
    organisations: dict[str, Organisation],
    people: dict[str, Person],
    runs: str,
) -> Stall:
    call = make_call(session, f"fair-{name}")
    # Rita scores nothing of Ben's, and Rolf nothing of Ada's: three reviews each are enough.
    call.reviews_per_application = 3
    _dates(call, name)
    pot = AwardRound(
        call_id=key(call), code=random_code(), position=1, name=texts("Round"), event=texts("Evening"),
        held_at=NOW + timedelta(days=9), places=2, amount_minor=500_000, envelope_minor=1_000_000,
        reserved_places=1, reserved_for=texts("Neighbours"), reserve_places=1,
        reserve_until=NOW + timedelta(days=60),
    )  # fmt: skip
    world = World(call, pot, make_criteria(session, call), organisations, people)
    session.add(pot)
    for position, each in enumerate(organisations.values()):
        session.add(CallOrganisation(call_id=key(call), organisation_id=key(each), position=position))
    for reviewer, code in REVIEWERS.items():
        world.members[reviewer] = _member(world, reviewer, PanelRole.REVIEWER, organisations[code].id)
    world.members[runs] = _member(world, runs, PanelRole.COORDINATOR, None)
    if name != FOREIGN:
        world.members["vera"] = _member(world, "vera", PanelRole.CONTACT, organisations["BC"].id)
    session.add_all(world.members.values())
    session.flush()
    stall = Stall(call.slug, world, pot.code)
    put_logo(session, Coordinator(key(people[runs]), key(call)), "BC", 0, keep_logo(store), NOW)
    if name in {*map(str, WITH_APPLICATIONS), REVEALING, FOREIGN}:
        _applications(session, store, stall, name)
    _asked(session, stall, runs)
    _corrections(session, stall, name)
    _reviews(session, stall, name)
    _decisions(session, stall, name, Coordinator(key(people[runs]), key(call)))
    _proven(session, stall)
    session.flush()
    return stall


def _asked(session: Session, stall: Stall, runs: str) -> None:
    """Somebody is invited to review (Zoe, where applications are open), Vera proposes another, and Rita asks
    for more time."""
    world = stall.world
    invited = "zoe" if stall.slug == f"fair-{Phase.OPEN}" else f"{stall.slug}seat"
    seat = ReviewerInvitation(
        call_id=key(world.call), organisation_id=key(world.organisations["BC"]),
        email=email_of(invited), name=word(stall.slug, "seat"), language="en",
        code=random_code(), state=SeatState.INVITED, proposals=40, hours=6, due_at=NOW + DAY,
        note=word(stall.slug, "seatnote"), invited_by=key(world.people[runs]), made_at=NOW - DAY,
        invited_at=NOW - DAY,
    )  # fmt: skip
    proposal = ReviewerProposal(
        call_id=key(world.call), organisation_id=key(world.organisations["BC"]),
        proposed_by=key(world.people["vera"]), email=email_of(f"{stall.slug}proposed"),
        name=word(stall.slug, "proposed"), code=random_code(), made_at=NOW - DAY,
    )  # fmt: skip
    wish = ReviewerRequest(
        code=random_code(), call_id=key(world.call), member_id=key(world.members["rita"]),
        kind=RequestKind.MORE_TIME, until=NOW + 9 * DAY, reason=f"Because of {wish_of(stall)}", asked_at=NOW,
    )  # fmt: skip
    hook = Webhook(
        code=random_code(), call_id=key(world.call), url=f"https://{word(stall.slug, 'hook')}.example/",
        events=["opened"], nonce=random_code(), made_by=key(world.people[runs]), made_at=NOW,
    )  # fmt: skip
    session.add_all([seat, proposal, wish, hook])
    stall.hook = hook.code
    stall.seat, stall.wish = seat.code, wish.code


def wish_of(stall: Stall) -> str:
    """A word in the reason for which Rita asks for more time in this call."""
    return word(stall.slug, "wish")


def _member(world: World, name: str, role: PanelRole, organisation_id: int | None) -> PanelMember:
    return PanelMember(
        call_id=key(world.call), person_id=key(world.people[name]), organisation_id=organisation_id,
        role=role, code=random_code(), joined_at=OPENS,
    )  # fmt: skip


DAY = timedelta(days=1)


def _dates(call: Call, name: str) -> None:
    if name == Phase.PREPARING:
        call.opened_at = None
    elif name == Phase.SCHEDULED:
        call.opens_at = NOW + DAY
    elif name == Phase.GRACE:
        call.closes_at = NOW - timedelta(minutes=5)
    elif name not in {Phase.OPEN, Phase.CANCELLED, FOREIGN}:
        call.opens_at, call.closes_at = NOW - 8 * DAY, NOW - DAY
    # In one it is still to begin, in the other it has taken place.
    call.discussion = name in {Phase.REVIEWING, Phase.REVIEWED}
    if name == Phase.REVIEWED:
        call.discussion_opened_at = NOW - DAY / 6
    if name == Phase.CANCELLED:
        call.cancelled_at = NOW - DAY
    if name in {Phase.REVIEWING, Phase.REVIEWED, Phase.DECIDED, REVEALING, Phase.PUBLISHED}:
        call.reviewing_opened_at = NOW - DAY / 2


def _applications(session: Session, store: Store, stall: Stall, name: str) -> None:
    for person in APPLICANTS:
        drafted = person == "carol" and name in {Phase.OPEN, Phase.GRACE}
        stall.entries[person] = _application(session, store, stall, person, sent=not drafted)
    if stall.world.call.reviewing_opened_at is not None:
        clear_rows(session)


def _application(session: Session, store: Store, stall: Stall, person: str, *, sent: bool) -> Entry:
    world, at = stall.world, NOW - 2 * DAY
    title, body = word(stall.slug, person, "title"), word(stall.slug, person, "body")
    reviewing = world.call.reviewing_opened_at is not None
    application = Application(
        call_id=key(world.call), ref=f"WA26-{random_code(6)}", code=free_code(session),
        status=Status.DRAFT if not sent else Status.IN_REVIEW if reviewing else Status.SENT,
        language="en", created_at=at, counts_number=1 if sent else None,
    )  # fmt: skip
    session.add(application)
    session.flush()
    number = key(application)
    who = key(world.people[person])
    typed = grant_answers(title)
    typed["need"]["problem"] += f" {body}"
    membership = Applicant(application_id=number, person_id=who, joined_at=at)
    session.add(
        Consent(
            application_id=number, person_id=who, kind=OWN_PICTURE, text_version="1", language="en",
            given_at=at,
        )
    )  # fmt: skip
    invitation = Invitation(
        application_id=number, email=invited_of(stall, person), role=TeamRole.READER, language="en",
        code=random_code(), nonce=random_code(), invited_by=who, invited_at=at, expires_at=at + 14 * DAY,
    )  # fmt: skip
    session.add_all([membership, invitation])
    session.add(History(application_id=number, move="start", at=at, by=who))
    words = {"title": title, "body": body}
    files = _files(session, store, stall, number, person, words)
    if sent:
        words["summary"] = word(stall.slug, person, "summary")
        _send(session, stall, number, person, words, read_by_models(typed), at)
    for section, given in typed.items():
        session.add(Draft(application_id=number, section=section, data=given, updated_at=at, updated_by=who))
    team = identity_data(stall, person)["team"] | ({} if sent else SENDABLE)
    session.add(
        IdentityDraft(application_id=number, section="team", data=team, updated_at=at, updated_by=who)
    )
    message = Message(
        code=random_code(), person_id=who, ref=application.ref, language="en", subject="Your application",
        body=f"About {body}.", sent_at=at,
    )  # fmt: skip
    session.add(message)
    _extend(session, stall, number, at)
    offline = _typed_in(session, stall, number, at) if person == "carol" else ""
    for table, section, name in ((DraftVersion, "brief", "title"), (IdentityDraftVersion, "team", "phone")):
        earlier = {name: earlier_of(stall, person, section)}
        session.add(
            table(
                application_id=number,
                section=section,
                version=1,
                data=earlier,
                saved_at=at,
                saved_by=who,
                kept_at=at,
            )
        )
    session.flush()
    codes = (message.code, membership.code, invitation.code)
    flag = _checked(session, stall, application, at) if sent else ""
    return Entry(person, application.ref, application.code, sent, words, *codes, files, offline, flag)


def picture_word(stall: Stall) -> str:
    """What is said of the picture that is shown of a winner; of one that nobody may see yet, too."""
    return word(stall.slug, "picture")


def _shown_with_a_picture(session: Session, stall: Stall, runs: Coordinator, at: datetime) -> None:
    """A coordinator has chosen Ada's once everything was public. Of what is only being revealed a row is
    there as no act would make one: the pages themselves keep it back."""
    said = texts(f"A yard, {picture_word(stall)}")
    ada = select(Application.id).where(Application.code == stall.entries["ada"].code).scalar_subquery()
    own = select(PublishedResult).where(PublishedResult.application_id == ada)
    shown = session.exec(own).first()
    if shown is not None and stall.world.call.published_at is not None:
        choose_picture(session, runs, shown.slug, 0, PictureInput(alt=ShortTexts(**said)), at)
        return
    cleared = session.exec(select(ClearedPacket.files).where(ClearedPacket.application_id == ada)).one()
    picture = next(each for each in cleared if each["kind"] == FileKind.PICTURE)
    for row in session.exec(select(PublishedResult).where(PublishedResult.call_id == runs.call_id)):
        session.add(
            WinnerPicture(
                result_id=key(row), sha256=picture["preview_sha256"], media_type="image/jpeg", width=40,
                height=64, alt=said, chosen_by=runs.person_id, changed_at=at,
            )
        )  # fmt: skip


def checked_word(stall: Stall) -> str:
    """A word in all that is written down while the call's applications are checked."""
    return word(stall.slug, "checked")


def _checked(session: Session, stall: Stall, application: Application, at: datetime) -> str:
    """Somebody has looked at it, and Rita has flagged it, for everybody who coordinates."""
    runs = next(each for name, each in stall.world.members.items() if name in {"cora", "olga"})
    rita, said = stall.world.reviewer("rita"), f"Look at it: {checked_word(stall)}."
    session.add(
        Screening(
            application_id=key(application), number=1, act=Screened.KEPT, sending_number=1,
            checks={"age": "met"}, words=said, note=said, by=runs.person_id, at=at,
        )
    )  # fmt: skip
    given = FlagInput(kind=FlagKind.OTHER, words=said)
    return raise_flag(session, rita.call_id, rita.person_id, key(application), given, at)


def _extend(session: Session, stall: Stall, number: int, at: datetime) -> None:
    """A later deadline that was given and taken back, so that nothing of the phases changes."""
    runs = next(each for name, each in stall.world.members.items() if name in {"cora", "olga"})
    session.add_all(
        Extension(
            application_id=number, number=each, until=until, reason=extension_reason(stall),
            given_by=runs.person_id, given_at=at,
        )
        for each, until in ((1, NOW + DAY), (2, None))
    )  # fmt: skip


def _typed_in(session: Session, stall: Stall, number: int, at: datetime) -> str:
    """That who runs the call typed it in, and has ended that: the membership of whom it was typed in for."""
    runs = next(each for name, each in stall.world.members.items() if name in {"cora", "olga"})
    offline = key(stall.world.people[OFFLINE])
    joined = Applicant(application_id=number, person_id=offline, role=TeamRole.EDITOR, joined_at=at)
    session.add(joined)
    session.add(
        Assistance(
            application_id=number, typed_by=runs.person_id, channel=Channel.PAPER, received_on=at.date(),
            consent=Agreed.SIGNED, consent_note=agreed_note(stall), started_at=at, ended_at=at,
        )
    )  # fmt: skip
    return joined.code


def agreed_note(stall: Stall) -> str:
    """Where a signed consent of this call is kept."""
    return word(stall.slug, "binder")


def extension_reason(stall: Stall) -> str:
    """A word in each reason for which a deadline was moved in this call."""
    return word(stall.slug, "extension")


def _files(
    session: Session, store: Store, stall: Stall, number: int, person: str, words: dict[str, str]
) -> list[str]:
    """A document of everybody's, and a picture of Ada's, with the marks that programs leave."""
    who, by = word(stall.slug, person, "file"), key(stall.world.people[person])
    words |= {each: word(stall.slug, person, each) for each in ("filetitle", "filesaid")}
    name = word(stall.slug, person, "filename")
    document = marked_pdf(who, said=words["filesaid"])
    codes = [keep(session, store, number, by, document, name=f"{name}.pdf", title=words["filetitle"])]
    if person == "ada":
        picture = marked_jpeg(who)
        shows = f"A yard, {words['filetitle']}"
        codes.append(
            keep(session, store, number, by, picture, kind=FileKind.PICTURE, name=f"{name}.jpg", title=shows)
        )
    return codes


def read_by_models(typed: dict[str, Any]) -> dict[str, Any]:
    """What was typed, as it is kept for reviewers when it is sent."""
    kept = {
        code: CATALOGUE[code].model.model_validate(given).model_dump(mode="json")
        for code, given in typed.items()
    }
    kept["budget"].pop("prices_found")  # for the coordinator alone, and so in the other half
    return kept


def _send(
    session: Session, stall: Stall, number: int, person: str, words: dict[str, str], data: Any, at: datetime
) -> None:
    who = key(stall.world.people[person])
    sending = Sending(
        application_id=number, number=1, language="en", sent_at=at, sent_by=who, sha256="0" * 64
    )  # fmt: skip
    session.add(sending)
    session.flush()
    files, originals = freeze_files(session, number)
    packet = Packet(
        sending_id=key(sending), title=words["title"], summary=f"In short: {words['summary']}.",
        theme="ecology", districts=["medeu"], language="en", requested_minor=400_000, data=data, files=files,
    )  # fmt: skip
    identity = Identity(
        sending_id=key(sending),
        data=identity_data(stall, person) | {"files": originals},
        display_name=display_of(stall, person),
    )
    session.add_all([packet, identity, History(application_id=number, move="send", at=at, by=who)])


def _corrections(session: Session, stall: Stall, name: str) -> None:
    """Ada is asked for something while the call is open, and has answered where reviewers are at work."""
    if name not in {Phase.OPEN, Phase.REVIEWING}:
        return
    application = session.exec(select(Application).where(Application.ref == stall.entries["ada"].ref)).one()
    answered = name == Phase.REVIEWING
    session.add(
        Correction(
            application_id=key(application), question="Please say where it is, and how to reach you.",
            fields=["team.phone", "brief.place"], asked_number=1, asked_at=NOW - DAY,
            asked_by=stall.world.members["cora"].person_id, due_at=NOW + DAY,
            answered_at=NOW - DAY / 2 if answered else None, answered_number=1 if answered else None,
        )
    )  # fmt: skip


def _proven(session: Session, stall: Stall) -> None:
    """That reviewers' pages were checked, and something of Ada's was found in them."""
    if not stall.entries:
        return
    session.add(
        BlindnessProof(
            call_id=key(stall.world.call), number=1, state=ProofState.DONE, asked_at=NOW - DAY, done_at=NOW,
            report={"found": {f"{stall.entries['ada'].ref}|own_name|reviews.edit|sure": 1}}, digest="0" * 64,
        )
    )  # fmt: skip


def reason_of(stall: Stall, reviewer: str) -> str:
    """A word in each reason of this reviewer's, in this call."""
    return word(stall.slug, reviewer, "reason")


def note_of(stall: Stall, reviewer: str) -> str:
    """A word of this reviewer's private notes, in this call."""
    return word(stall.slug, reviewer, "note")


def panel_note_of(stall: Stall, reviewer: str) -> str:
    """A word of this reviewer's notes to the panel, in this call."""
    return word(stall.slug, reviewer, "panelnote")


def tie_of(stall: Stall) -> str:
    """A word of what Rita said of her tie in this call."""
    return word(stall.slug, "tie")


def returned_of(stall: Stall) -> str:
    """A word of what Rolf is asked to complete in what he wrote about Ben's application."""
    return word(stall.slug, "returned")


def changed_of(stall: Stall, when: str) -> str:
    """A word of why Anna changed what she had sent, `earlier` than the discussion or `later` than that."""
    return word(stall.slug, "changed", when)


def _reviews(session: Session, stall: Stall, name: str) -> None:
    """Assignments from closing on; sent reviews where reviewing is open, and one draft of Rita's."""
    reviewing = stall.world.call.reviewing_opened_at is not None
    if name != Phase.CLOSED and not reviewing:
        return
    if name == Phase.REVIEWING:
        make_proposal(session, stall.world, [(stall.world.members["rita"].code, stall.entries["ben"].code)])
        tied = _entry_row(session, stall, TIED[1])
        assignment = make_assignment(session, stall.world, tied, "rita", tie=Tie.TIE, at=NOW - DAY)
        assignment.tie_note = f"We are related. {tie_of(stall)}"
    points = {"ada": 5, "ben": 4, "carol": 2}
    for person, reviewers in SCORES.items():
        application = session.exec(
            select(Application).where(Application.ref == stall.entries[person].ref)
        ).one()
        for reviewer in reviewers:
            assignment = make_assignment(session, stall.world, application, reviewer, at=NOW - DAY)
            if reviewing and not (name == Phase.REVIEWING and (person, reviewer) == ("carol", "rita")):
                scores = dict.fromkeys(stall.world.criteria, points[person])
                review = make_review(session, stall.world, assignment, scores, at=NOW - DAY / 4)  # type: ignore[arg-type]
                _sign(session, stall, review, reviewer)
                if name == Phase.REVIEWING and (person, reviewer) == ("ben", "rolf"):
                    review.returned_at = NOW - DAY / 8
                    review.returned_note = f"Please say more of {returned_of(stall)}."


def _entry_row(session: Session, stall: Stall, person: str) -> Application:
    return session.exec(select(Application).where(Application.ref == stall.entries[person].ref)).one()


def _sign(session: Session, stall: Stall, review: Review, reviewer: str) -> None:
    """Put the reviewer's own words into everything that was written."""
    review.convinced = review.stronger = f"Because {reason_of(stall, reviewer)}."
    review.private_note = f"Only for me: {note_of(stall, reviewer)}."
    review.panel_note = f"For us: {panel_note_of(stall, reviewer)}."
    if stall.world.call.discussion and reviewer == "anna":
        _change(session, stall, review)
    session.add(review)
    for cell in session.exec(select(ReviewScore).where(ReviewScore.assignment_id == review.assignment_id)):
        cell.reason = f"{cell.reason} {reason_of(stall, reviewer)}"
        session.add(cell)
    session.flush()


def _change(session: Session, stall: Stall, review: Review) -> None:
    """She has changed it before the discussion, and again in it."""
    first = session.get_one(ReviewVersion, (review.assignment_id, 1))
    for version, when, at in ((2, "earlier", NOW - DAY / 5), (3, "later", NOW - DAY / 8)):
        reason = f"I saw that {changed_of(stall, when)}."
        row = ReviewVersion(assignment_id=first.assignment_id, version=version, data=first.data, at=at)
        row.reason = reason
        session.add(row)
    review.version = 3


def _decisions(session: Session, stall: Stall, name: str, runs: Coordinator) -> None:
    later = {Phase.REVIEWED, Phase.DECIDED, REVEALING, Phase.PUBLISHED}
    if name not in later:
        return
    at = NOW - timedelta(hours=1)
    close_reviewing(session, runs, at)
    session.flush()
    for person, entry in stall.entries.items():
        if person in SCORES:
            entry.words["minutes"] = word(stall.slug, person, "minutes")
            said = CaseInput(minutes=f"About {entry.words['minutes']}.", outcome=Outcome.AS_RANKED)
            save_case(session, runs, entry.code, 0, said, at)
    save_meeting(session, runs, 0, MeetingInput(notes="All spoke."), at)
    _evening(session, stall, at)
    if name == Phase.REVIEWED:
        return
    draw_line(session, runs, stall.pot, at)
    session.flush()
    decide(session, runs, _version(session, runs), at, KNOWN)
    session.flush()
    seal(session, runs, stall.pot, 0, "There is nobody else who coordinates this call.", at)
    session.flush()
    if name == REVEALING:
        reveal_next(session, runs, stall.pot, 0, at)
        session.flush()
        _shown_with_a_picture(session, stall, runs, at)
        _pitching(session, stall, at)
    if name == Phase.PUBLISHED:
        publish(session, runs, _version(session, runs), at)
        session.flush()
        _shown_with_a_picture(session, stall, runs, at)


JUROR_TOKEN = "the-token-of-a-juror-of-the-fair"


def juror_of(stall: Stall) -> str:
    """What a juror is called: for who coordinates alone."""
    return word(stall.slug, "juror", "name")


def _pitching(session: Session, stall: Stall, at: datetime) -> None:
    """In another round of this call Ada and Ben pitch: Ada has, and a juror has scored her."""
    call, organisations = stall.world.call, stall.world.organisations
    pot = AwardRound(
        call_id=key(call), code=random_code(), position=2, name=texts("Final"), places=1,
        amount_minor=500_000, envelope_minor=500_000, finalists=2, pitch_weight=50,
    )  # fmt: skip
    session.add(pot)
    session.flush()
    juror = Juror(
        round_id=key(pot), number=1, code=random_code(), organisation_id=key(organisations["BC"]),
        added_at=at, session_hash=hashed(JUROR_TOKEN), session_ends_at=at + 365 * DAY,
    )  # fmt: skip
    session.add_all([juror, PitchScoring(round_id=key(pot), begun=[1])])
    session.flush()
    session.add(JurorContact(juror_id=key(juror), name=juror_of(stall), phone="+7 700 0"))
    for slot, person in enumerate(("ada", "ben"), 1):
        entry = stall.entries[person]
        number = session.exec(select(Application.id).where(Application.code == entry.code)).one()
        session.add(
            PitchCard(
                application_id=number or 0, round_id=key(pot), slot=slot, title=f"Pitch {slot}", language="en"
            )
        )
        if person == "ada":
            scores = {"need": 4, "work_plan": 4}
            session.add(
                PitchBallot(juror_id=key(juror), application_id=number or 0, scores=scores, updated_at=at)
            )
    session.flush()
    stall.jury_pot, stall.juror = pot.code, juror.code


def _evening(session: Session, stall: Stall, at: datetime) -> None:
    """Ada and Ben are invited to pitch and asked something; nobody is announced yet."""
    round_id = key(session.exec(select(AwardRound).where(AwardRound.code == stall.pot)).one())
    session.add(
        Event(round_id=round_id, starts_at=NOW + 9 * DAY, place=texts("Hall"), capacity=2, named_at=at)
    )
    session.flush()
    for position, (person, reviewer) in enumerate((("ada", "rita"), ("ben", "rolf")), 1):
        entry = stall.entries[person]
        number = key(_entry_row(session, stall, person))
        by = key(stall.world.people[person])
        entry.question, entry.words["pitchquestion"] = (
            random_code(),
            word(stall.slug, person, "pitchquestion"),
        )
        asked = PitchQuestion(
            code=entry.question, application_id=number, member_id=key(stall.world.members[reviewer]),
            words=f"What of {entry.words['pitchquestion']}?", asked_at=at,
        )  # fmt: skip
        answered = person == "ben"
        session.add_all(
            [
                Finalist(
                    application_id=number, round_id=round_id, position=position, offered_at=at,
                    answer_due_at=NOW + DAY, answered_at=at if answered else None,
                    state=FinalistState.CONFIRMED if answered else FinalistState.OFFERED,
                ),
                PitchNote(
                    application_id=number, access_needs=word(stall.slug, person, "pitchnote"),
                    written_by=by, written_at=at,
                ),
                asked,
            ]
        )  # fmt: skip
        session.flush()
        session.add(
            PitchAnswer(
                question_id=key(asked), words=word(stall.slug, person, "pitchanswer"), answered_by=by,
                answered_at=at,
            )
        )  # fmt: skip
    session.flush()


def _version(session: Session, runs: Coordinator) -> int:
    session.expire_all()
    return decision_version(session, call_of(session, runs))


def phase_name(stall: Stall) -> str:
    """Which phase this call is in, or what it is for."""
    return stall.slug.removeprefix("fair-")
