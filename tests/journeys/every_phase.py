"""Calls in every phase of their life, so that every page has something to show.

Ada, Ben and Zoe apply, Rita, Rolf, Anna and Karl score, Cora runs every call, Max manages the programme.
Texts are as long as they get: what fits with them fits with shorter ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.actors import Juror as ActingJuror
from app.accounts.codes import hashed
from app.accounts.digests import digest_key
from app.accounts.messages import keep_message
from app.applications.actions import (
    AssistedInput,
    InviteInput,
    LaterInput,
    give_extension,
    invite,
    start_assisted,
)
from app.applications.actions.stopping import stop_key
from app.applications.codes import free_code
from app.applications.consents import OWN_PICTURE
from app.applications.invitation_keys import invitation_key
from app.applications.traces import trace
from app.calls.inputs import SeatInput
from app.calls.inviting import invite_reviewer
from app.calls.texts import ShortTexts
from app.decisions.announce import publish
from app.decisions.awards import draw_line
from app.decisions.closing import close_reviewing
from app.decisions.decide import decide
from app.decisions.held import call_of, decision_version
from app.decisions.meeting import CaseInput, MeetingInput, save_case, save_meeting
from app.decisions.sealing import seal
from app.decisions.winner_pictures import PictureInput, choose_picture
from app.events.answering import answer_for
from app.events.audience import RegisterInput, attendee_key, confirm, register
from app.events.ballots import BallotInput, save_ballot
from app.events.departing import DepartingInput, depart
from app.events.evening import all_have_pitched, pitch_begins
from app.events.jury import JurorInput, add_juror
from app.events.keying import PaperInput, PaperLine, key_paper
from app.events.naming import name_finalists
from app.events.notes import NoteInput, save_note
from app.events.questions import QuestionInput, ask
from app.events.running_order import announce_finalists, draw_running_order
from app.events.setting_up import EventInput, PlaceInput, save_event
from app.events.show import plan
from app.events.stage import reveal_next
from app.files.store import Store
from app.leaks.kinds import Kind
from app.models.applications import (
    Agreed,
    Application,
    Channel,
    Draft,
    DraftVersion,
    History,
    InvitationState,
    Sending,
    Status,
    TeamRole,
)
from app.models.calls import AwardRound, Call, CallKind, Phase
from app.models.corrections import Correction
from app.models.decisions import PublishedResult, RankingEntry
from app.models.events import Event, Finalist, FinalistState
from app.models.files import FileKind
from app.models.jury import Juror
from app.models.meeting import Outcome
from app.models.panel import PanelMember, PanelRole, RequestKind, ReviewerRequest
from app.models.people import (
    Applicant,
    Attendee,
    Consent,
    IdentityDraft,
    Invitation,
    Message,
    Person,
    Presence,
    SentLeak,
)
from app.models.privacy import PrivacyKind, PrivacyRequest, PrivacyRequestApplication, Tally
from app.models.reviews import ReviewState, Tie
from app.random_codes import random_code
from app.reviews.discussing import open_discussion
from app.reviews.proposing import propose
from app.reviews.returning import ReturnInput, return_review
from app.reviews.rules import AssignmentRules
from app.scoring.shares import Split
from app.settings import Settings
from tests.decisions.scored import scored_call
from tests.factories import (
    KNOWN,
    grant_answers,
    make_assignment,
    make_proposal,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.files.kept import attach, keep
from tests.files.made import marked_jpeg, marked_pdf
from tests.world import CLOSES, NOW, OPENS, World, beside, key, make_call, make_criteria, texts, token_for

DAY = timedelta(days=1)
LONG = "Көпфункционалдандырылмағандықтарыңыздан аулаларды көгалдандыру"
"""A title with a word of 40 letters: Kazakh joins its endings, so a phone must break such words."""

SELECTION = "selection"
REVEALING = "revealing"
CLOSING = "closing"
"""A call in its last hours."""
UNDISCUSSED = "undiscussed"
"""A call in review whose discussion is promised and not open yet."""
RANKED = "ranked"
"""Reviewing is closed and nobody is awarded yet; finalists are named."""
UNDECIDED = "undecided"
"""Reviewing is closed, and it could be opened again: nobody is named or awarded."""

Sections = Mapping[str, dict[str, Any]]
EMPTY = "empty"
"""A call that has only been named: its setup lacks everything."""


@dataclass
class Calls:
    """Which call stands where, and by which code its pages know what is in it."""

    worlds: dict[str, World] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    slug: str = ""

    def of(self, name: str) -> World:
        return self.worlds[name]


def make_calls(session: Session, world: World, store: Store) -> Calls:
    """All of them, at `NOW`; `world` has the open one."""
    calls = Calls({Phase.OPEN: world})
    for name in (
        EMPTY,
        SELECTION,
        CLOSING,
        REVEALING,
        UNDISCUSSED,
        RANKED,
        UNDECIDED,
        *(each for each in Phase if each is not Phase.OPEN),
    ):
        calls.worlds[name] = _world(session, world, name)
    _open(session, calls)
    _scheduled_and_closed(session, calls)
    _ask(session, world, _found(session, calls.refs["sent"]))
    _reviewing(session, calls)
    for name in (RANKED, UNDECIDED, Phase.REVIEWED, Phase.DECIDED, REVEALING, Phase.PUBLISHED):
        _scored(session, calls, name)
    _panel(session, calls)
    _files(session, calls, store)
    # Ada wants to be erased; her drafts would go with the asking, so only the request is here.
    request = PrivacyRequest(
        person_id=key(world.people["ada"]),
        kind=PrivacyKind.ERASE,
        asked_at=NOW,
        due_at=NOW + 15 * DAY,
        next_at=NOW + 15 * DAY,
        detail={},
    )
    session.add(request)
    session.flush()
    reviewing = key(calls.of(Phase.REVIEWING).call)
    session.add(
        PrivacyRequestApplication(request_id=key(request), ref=calls.refs["in_review"], call_id=reviewing)
    )
    token_for(session, world.people["ada"], ("applications:read",), NOW)
    session.flush()
    while trace(session):
        pass
    return calls


# ---------------------------------------------------------------- the calls themselves


def _panel(session: Session, calls: Calls) -> None:
    """Max is invited to review in one call and answers for an organisation in another; Rita asks for time."""
    world, reviewing = calls.of(Phase.OPEN), calls.of(Phase.REVIEWING)
    asked = SeatInput(
        email=str(world.people["max"].email),
        organisation="BC",
        proposals=42,
        hours=6,
        due_at=NOW + 30 * DAY,
        note="We would be glad if you read with us.",
    )
    calls.codes["seat"] = invite_reviewer(session, world.coordinator(), asked, NOW)
    organisation = key(reviewing.organisations["BC"])
    contact = PanelMember(
        call_id=key(reviewing.call),
        person_id=key(world.people["max"]),
        organisation_id=organisation,
        role=PanelRole.CONTACT,
        code=random_code(),
        joined_at=NOW,
    )
    wish = ReviewerRequest(
        code=random_code(),
        call_id=key(reviewing.call),
        member_id=key(reviewing.members["rita"]),
        kind=RequestKind.GIVE_BACK,
        count=2,
        reason="I was ill for a week.",
        asked_at=NOW,
    )
    session.add_all([contact, wish])
    session.flush()
    calls.codes["rita"], calls.codes["wish"] = reviewing.members["rita"].code, wish.code


def _world(session: Session, world: World, name: str) -> World:
    """The same people around another call."""
    kind = CallKind.SELECTION if name == SELECTION else CallKind.GRANT
    call = make_call(session, f"call-{name}", kind=kind)
    _dates(call, name)
    call.title = {code: f"{title}: {name}" for code, title in call.title.items()}
    if name == EMPTY:
        call.purpose, call.who_can_apply, call.closes_at, call.themes = {}, {"en": "All"}, None, []
    codes = ("motivation", "experience") if kind is CallKind.SELECTION else None
    criteria = make_criteria(session, call, codes) if codes else make_criteria(session, call)
    other = beside(session, world, call, _round(world.round, call, name), criteria)
    if name == Phase.PREPARING:
        # Whoever manages the programme and runs this call too may copy it.
        runs = PanelMember(
            call_id=key(call),
            person_id=key(world.people["max"]),
            role=PanelRole.COORDINATOR,
            code=random_code(),
            joined_at=OPENS,
        )
        session.add(runs)
        session.flush()
    return other


def _round(pot: AwardRound, call: Call, name: str) -> AwardRound:
    """The round of another call."""
    money = name != SELECTION
    return AwardRound(
        call_id=key(call),
        code=random_code(),
        position=1,
        name=pot.name,
        event=pot.event,
        held_at=NOW + 9 * DAY,
        places=6,
        amount_minor=500_000 if money else None,
        envelope_minor=3_000_000 if money else None,
        **(RULE if money and name not in (EMPTY, Phase.PREPARING) else {}),
    )


RULE: dict[str, Any] = {
    "least_places": 4,
    "split": Split.EQUAL,
    "reserved_places": 1,
    "reserved_for": texts("members of the workshop"),
    "threshold": 20,
    "reserve_places": 2,
    "reserve_until": NOW + 60 * DAY,
}
"""A rule with all its parts, as every page shows it that shows a round."""


def _dates(call: Call, name: str) -> None:
    if name in {EMPTY, Phase.PREPARING}:
        call.opened_at = None
    elif name == CLOSING:
        call.closes_at = NOW + timedelta(hours=30)
        call.help_hours = dict.fromkeys(call.title, LONG)
    elif name == Phase.SCHEDULED:
        call.opens_at = NOW + DAY
    elif name == Phase.GRACE:
        call.closes_at = NOW - timedelta(minutes=5)
    elif name == Phase.CANCELLED:
        call.cancelled_at = NOW - DAY
    elif name != SELECTION:
        call.closes_at = NOW - 2 * DAY
    if name == UNDISCUSSED:
        call.discussion, call.reviewing_opened_at = True, NOW - DAY


# ---------------------------------------------------------------- what is in them


def _open(session: Session, calls: Calls) -> None:
    """Ada has written everything, Ben has sent, Zoe has only begun."""
    world = calls.of(Phase.OPEN)
    world.call.faq = [{"question": dict.fromkeys(world.call.title, LONG), "answer": world.call.purpose}]
    world.call.eligibility = {"place": dict.fromkeys(world.call.title, LONG)}
    answers = grant_answers("Apples behind the library")
    given_away = f"{'long-' * 11}name@example.org, Айару Қызғалдақ, +7 701 000 00 00"
    answers["work_plan"]["strengths"] = given_away
    answers["work_plan"]["activities"][0]["lead"] = "Айару Қызғалдақ"
    calls.refs["written"] = make_draft(session, world, "ada", {**answers, "team": typed_team()})
    _earlier(session, world, calls.refs["written"])
    calls.refs["sent"] = make_sent_application(session, world, "ben", LONG, language="kk").ref
    calls.refs["begun"] = make_draft(session, world, "zoe", {})
    _moved_and_told(session, calls, world)
    _together(session, calls, world)
    _typed_in(session, calls, world)
    late = calls.of(Phase.GRACE)
    calls.refs["late"] = make_draft(session, late, "ada", {"brief": answers["brief"]})
    again = make_sent_application(session, late, "ben", "Sent once, now being changed")
    again.status = Status.DRAFT
    _fill(session, again, world, "ben", {"brief": {**answers["brief"], "title": LONG}})
    calls.refs["changed"] = again.ref
    candidate = {"candidate": {"family_name": "Ада", "given_name": "Ада"}}
    calls.refs["candidate"] = make_draft(session, calls.of(SELECTION), "ada", candidate)


def _together(session: Session, calls: Calls, world: World) -> None:
    """Zoe writes with Ben, who is at work on the budget; she has invited Max, and somebody who declined."""
    ref = calls.refs["together"] = make_draft(session, world, "zoe", {"brief": {"title": LONG}})
    number, ben = _found(session, ref), key(world.people["ben"])
    mate = Applicant(application_id=key(number), person_id=ben, role=TeamRole.EDITOR, joined_at=NOW)
    at_work = Presence(
        application_id=key(number), person_id=ben, section="budget", taken_at=NOW - DAY / 96, seen_at=NOW
    )
    session.add_all([mate, at_work])
    for email in (world.people["max"].email, f"{'long-address-' * 4}@example.org"):
        asked = InviteInput.model_validate({"email": email, "role": "reader"})
        invite(session, world.applicant("zoe"), ref, asked, NOW)
    session.flush()
    to_max, declined = session.exec(select(Invitation).order_by(col(Invitation.id))).all()
    declined.state = InvitationState.DECLINED
    secret = Settings(_env_file=None).secret_key.get_secret_value()
    calls.codes["invitation"] = invitation_key(secret, to_max.code, to_max.nonce)
    calls.codes["mate"] = mate.code


def _typed_in(session: Session, calls: Calls, world: World) -> None:
    """Cora types in for Sabira, who has no e-mail."""
    given = AssistedInput(
        own_name=LONG,
        birth_year=1956,
        phone="+7 701 234 56 78",
        language="kk",
        channel=Channel.PAPER,
        received_on=NOW.date(),
        processing=True,
        publication=True,
        agreed=Agreed.SIGNED,
        agreed_note=LONG,
    )
    entry = start_assisted(session, world.coordinator(), given, secret="of the pages", now=NOW)
    calls.refs["typed_in"] = entry.ref
    world.people["sabira"] = session.exec(select(Person).where(col(Person.email).is_(None))).one()


def _moved_and_told(session: Session, calls: Calls, world: World) -> None:
    """Zoe's deadline was moved, she can stop her reminders, and Ada has a mail to read again."""
    ref, zoe = calls.refs["begun"], world.applicant("zoe")
    given = LaterInput(until=CLOSES + DAY, reason=LONG)
    give_extension(session, world.coordinator(), ref, given, version=0, now=NOW)
    secret = Settings(_env_file=None).secret_key.get_secret_value()
    calls.codes["stop"] = stop_key(secret, ref, zoe.person_id)
    calls.codes["panel_seat"] = world.members["rita"].code
    calls.codes["stop_digest"] = digest_key(secret, calls.codes["panel_seat"])
    body = f"{LONG}\n\nhttp://127.0.0.1/kk/my/{ref}/{'long-address-' * 6}"
    keep_message(
        session, world.applicant().person_id, ref=ref, language="kk", subject=LONG, body=body, now=NOW
    )
    session.flush()
    calls.codes["message"] = session.exec(select(Message.code)).one()


def typed_team() -> dict[str, Any]:
    """A whole answer to who applies, as an organisation."""
    return {
        "applicant_kind": "ngo",
        "family_name": "Қызғалдақ",
        "given_name": "Айару",
        "email": "aiaru@example.org",
        "phone": "+77010000000",
        "contact_way": "phone",
        "contact_language": "kk",
        "organisation_name_kk": LONG,
        "organisation_name_ru": LONG,
        "legal_form": "fund",
        "members": [{"id": "t1", "name": "Айару Қызғалдақ", "role": "gardener"}],
    }


def make_draft(session: Session, world: World, person: str, sections: Sections) -> str:
    """A draft of this person's; its reference."""
    application = Application(
        call_id=key(world.call),
        ref=f"WA26-{random_code(6)}",
        code=free_code(session),
        status=Status.DRAFT,
        language="en",
        created_at=NOW - 3 * DAY,
    )
    session.add(application)
    session.flush()
    who = key(world.people[person])
    session.add_all(
        [
            Applicant(application_id=key(application), person_id=who, joined_at=NOW),
            History(application_id=key(application), move="start", at=NOW, by=who),
        ]
    )
    _fill(session, application, world, person, sections)
    return application.ref


def _fill(session: Session, application: Application, world: World, person: str, sections: Sections) -> None:
    """Each section of the call has its row, an empty one at the beginning."""
    who = key(world.people[person])
    for section in (str(each["code"]) for each in world.call.sections):
        data = sections.get(section, {})
        table = IdentityDraft if section in {"team", "candidate"} else Draft
        session.add(
            table(application_id=key(application), section=section, data=data, updated_at=NOW, updated_by=who)
        )
    session.flush()


def _earlier(session: Session, world: World, ref: str) -> None:
    """What Ada's need said before: once something short, once something that is longer than a screen."""
    number = session.exec(select(Application.id).where(Application.ref == ref)).one()
    for version, text in enumerate(("A yard without shade.", f"{LONG} " * 12)):
        session.add(
            DraftVersion(
                application_id=number or 0,
                section="need",
                version=version,
                data={"problem": text, "stakeholders": [{"id": "a", "name": LONG}]},
                saved_at=NOW - DAY,
                saved_by=key(world.people["ada"]),
                kept_at=NOW,
                sent_number=version or None,
            )
        )


def _scheduled_and_closed(session: Session, calls: Calls) -> None:
    closed = calls.of(Phase.CLOSED)
    for person in ("ada", "ben", "zoe"):
        sent = make_sent_application(
            session, closed, person, f"{LONG} {person}", sent_at=NOW - 3 * DAY, cleared=person == "ada"
        )
        calls.refs["unasked"] = sent.ref
        calls.refs[f"closed_{person}"] = sent.ref
    sending = session.exec(
        select(Sending.id).join(Application).where(Application.ref == calls.refs["closed_ben"])
    ).one()
    session.add(
        SentLeak(
            sending_id=sending or 0, position=1, kind=Kind.OWN_NAME, sure=True, section="need",
            field="problem", spans=[(0, 8)], left_by_applicant=True,
        )
    )  # fmt: skip
    make_proposal(session, closed)


def _reviewing(session: Session, calls: Calls) -> None:
    """Rita's queue has one of each: to be asked, begun, sent, tied."""
    world = calls.of(Phase.REVIEWING)
    titles = {"asked": "Not looked at yet", "begun": LONG, "sent_review": "Scored", "tied": "My cousin's"}
    found = {
        name: make_sent_application(session, world, "ada" if name != "tied" else "ben", title)
        for name, title in titles.items()
    }
    open_reviewing_rows(session, world, NOW - DAY)
    ties = {"asked": None, "tied": Tie.TIE}
    for name, application in found.items():
        assignment = make_assignment(
            session, world, application, "rita", tie=ties.get(name, Tie.NONE), at=NOW - DAY
        )
        if name in {"begun", "sent_review"}:
            scores: dict[str, int | None] = dict.fromkeys(world.criteria, 3)
            scores["need"] = None
            state = ReviewState.SENT if name == "sent_review" else ReviewState.DRAFT
            make_review(session, world, assignment, scores, state=state, at=NOW - DAY / 2)
        calls.codes[name] = application.code
    calls.refs["in_review"] = found["begun"].ref
    _ask(session, world, found["begun"], answered=True)
    _discussed(session, world, found["sent_review"])
    # Nobody may read more than one: what is proposed is short of reviewers, and says why.
    propose(session, world.coordinator(), AssignmentRules(most=1), NOW)


def _discussed(session: Session, world: World, application: Application) -> None:
    """Rolf gave it a one throughout, and has been asked to say more; Rita may read his reasons."""
    assignment = make_assignment(session, world, application, "rolf", at=NOW - DAY)
    low: dict[str, int | None] = dict.fromkeys(world.criteria, 1)
    make_review(session, world, assignment, low, at=NOW - DAY / 2)
    world.call.discussion, world.call.reviews_per_application = True, 2
    session.flush()
    cora = world.coordinator()
    back = ReturnInput(application=application.code, reviewer=world.members["rolf"].code, note=LONG)
    return_review(session, cora, back, NOW)
    open_discussion(session, cora, NOW)


def _found(session: Session, ref: str) -> Application:
    return session.exec(select(Application).where(Application.ref == ref)).one()


def _ask(session: Session, world: World, application: Application, *, answered: bool = False) -> None:
    """A question with a long word and a table to correct, and sums of those who applied."""
    session.add(
        Correction(
            application_id=key(application),
            question=f"{LONG}: нақтылап жазыңыз.",
            fields=["brief.title", "brief.districts", "budget.lines", "sustainability.stays"],
            asked_number=1,
            asked_at=NOW - DAY,
            asked_by=key(world.people["cora"]),
            due_at=NOW + DAY,
            answered_at=NOW - DAY / 2 if answered else None,
            answered_number=1 if answered else None,
        )
    )
    session.add_all(
        Tally(call_id=application.call_id, question="gender", answer=answer, number=number)
        for answer, number in (("woman", 9), ("man", 4))
    )
    session.flush()


def _files(session: Session, calls: Calls, store: Store) -> None:
    """A picture and two documents in what Ada has written, a picture and one in what Rita scores."""
    ada = key(calls.of(Phase.OPEN).people["ada"])
    written = session.exec(select(Application).where(Application.ref == calls.refs["written"])).one()
    mine = (session, store, key(written), ada)
    keep(
        *mine, marked_jpeg(size=(640, 400), orientation=1), kind=FileKind.PICTURE, name="yard.jpg", title=LONG
    )
    keep(*mine, marked_pdf("one"), name=f"{'x' * 90}.pdf", title=LONG)
    keep(*mine, marked_pdf("two"), name="letter.pdf", title="A letter")
    begun = session.exec(select(Application).where(Application.ref == calls.refs["begun"])).one()
    keep(session, store, key(begun), ada, marked_pdf("three"), name="untitled.pdf", title="")
    scored = session.exec(select(Application).where(Application.ref == calls.refs["in_review"])).one()
    attach(session, store, scored, ada)
    _picture(session, calls, store)


def _picture(session: Session, calls: Calls, store: Store) -> None:
    """A winner's, which everybody sees: its team agreed, and a coordinator chose it."""
    world = calls.of(Phase.PUBLISHED)
    own = select(PublishedResult.application_id).where(PublishedResult.slug == calls.slug)
    winner = session.get_one(Application, session.exec(own).one())
    team = select(Applicant.person_id).where(Applicant.application_id == winner.id)
    owner = session.exec(team.where(Applicant.role == TeamRole.OWNER)).one()
    attach(session, store, winner, owner)
    session.add(
        Consent(
            application_id=key(winner), person_id=owner, kind=OWN_PICTURE, text_version="1", language="en",
            given_at=NOW - DAY,
        )
    )  # fmt: skip
    session.flush()
    said = PictureInput(alt=ShortTexts(**dict.fromkeys(("kk", "ru", "en"), LONG[:100])))
    choose_picture(session, world.coordinator(), calls.slug, 0, said, NOW)


def _scored(session: Session, calls: Calls, name: str) -> None:
    """Eight applications, of which six can win; where the decision is still open, one lacks reviews."""
    world, at = calls.of(name), NOW - DAY
    hole = None
    if name == Phase.REVIEWED:
        hole = make_sent_application(session, world, "ben", LONG)
    calls.codes[f"{name}_first"] = scored_call(session, world)[0]
    world.call.reviewing_opened_at = at
    if hole is not None:
        make_assignment(session, world, hole, "rita", at=at)
        calls.codes["hole"] = hole.code
    session.flush()
    cora = world.coordinator()
    if name == RANKED:
        world.round.finalists, world.round.pitch_weight = 6, 50
        session.add(world.round)
        session.flush()
    close_reviewing(session, cora, at)
    session.flush()
    if name == RANKED:
        _evening(session, calls, world, at)
    if name not in {RANKED, UNDECIDED}:
        _decided(session, calls, name)


def _decided(session: Session, calls: Calls, name: str) -> None:
    """How far each call has come after its order was stored."""
    world, at = calls.of(name), NOW - DAY
    cora = world.coordinator()
    said = CaseInput(minutes=LONG, outcome=Outcome.AS_RANKED)
    save_case(session, cora, calls.codes[f"{name}_first"], 0, said, at)
    save_meeting(session, cora, 0, MeetingInput(notes=LONG, present=[world.members["rita"].code]), at)
    draw_line(session, cora, world.round.code, at)
    session.flush()
    if name == Phase.REVIEWED:
        return
    decide(session, cora, _version(session, world), at, KNOWN)
    session.flush()
    seal(session, cora, world.round.code, 0, "There is nobody else in this small town.", at)
    session.flush()
    if name == REVEALING:
        reveal_next(session, cora, world.round.code, 0, at)
    if name == Phase.PUBLISHED:
        publish(session, cora, _version(session, world), at)
        session.flush()
        own = PublishedResult.call_id == key(world.call)
        calls.slug = session.exec(select(PublishedResult.slug).where(own)).first() or ""
        calls.refs["awarded"] = _ref(session, world, Status.AWARDED)
        calls.refs["not_selected"] = _ref(session, world, Status.NOT_SELECTED)
        lost = select(Application.code).where(Application.ref == calls.refs["not_selected"])
        calls.codes["lost"] = session.exec(lost).one()


def _evening(session: Session, calls: Calls, world: World, at: datetime) -> None:
    """Six are invited and pitch; the first is asked something, and somebody of the audience is registered."""
    cora, pot = world.coordinator(), world.round.code
    place = PlaceInput(**dict.fromkeys(("kk", "ru", "en"), LONG))
    given = EventInput(
        starts_at=NOW + 9 * DAY, place=place, capacity=1, stream_url="https://example.org/live"
    )
    save_event(session, cora, pot, 0, given, at)
    reason = "Its place is needed for the only school that applied."
    codes = session.exec(
        select(Application.code)
        .join(RankingEntry, col(RankingEntry.application_id) == col(Application.id))
        .where(Application.call_id == world.call.id)
        .order_by(col(RankingEntry.place))
    ).all()
    depart(session, cora, pot, DepartingInput(application=codes[1], raised=False, reason=reason), at)
    name_finalists(session, cora, pot, 1, at)
    invited = session.exec(
        select(Application.code).join(Finalist, col(Finalist.application_id) == col(Application.id))
    ).all()
    for code in invited:
        answer_for(session, cora, pot, code, FinalistState.CONFIRMED, 1, at)
    event = session.exec(select(Event)).one()
    draw_running_order(session, cora, pot, event.version, at)
    announce_finalists(session, cora, pot, event.version, at)
    plan(session, cora, pot, event.version, at)
    _jury(session, calls, world, at)
    calls.codes["finalist"] = codes[0]
    calls.refs["finalist"] = session.exec(select(Application.ref).where(Application.code == codes[0])).one()
    asked = QuestionInput(application=codes[0], words=f"{LONG}?")
    ask(session, world.reviewer("rita"), asked, at)
    note = NoteInput(spoken_title=LONG, stage_text=LONG, pronunciation=LONG, people=3, access_needs=LONG)
    save_note(session, world.applicant(), calls.refs["finalist"], note, 0, at)
    for number in (1, 2):
        guest = RegisterInput(name=LONG, email=f"guest{number}@example.org", needs=LONG, agreed=True)
        register(session, world.call.slug, pot, guest, language="kk", client=str(number), now=at)
    secret = Settings(_env_file=None).secret_key.get_secret_value()
    for row in session.exec(select(Attendee).order_by(col(Attendee.id))):
        calls.codes["place"] = attendee_key(secret, row.code, row.nonce)
        confirm(session, secret, calls.codes["place"], at)


JUROR_TOKEN = "the-token-of-a-juror-of-these-calls"


def _jury(session: Session, calls: Calls, world: World, at: datetime) -> None:
    """One juror has scored two teams and compares; of another one a paper was keyed in once."""
    cora, pot = world.coordinator(), world.round.code
    for name in (LONG, "Aigerim"):
        calls.codes["paper" if name != LONG else "juror"] = add_juror(
            session, cora, pot, JurorInput(name=name, organisation="BC", phone="+7 700 000 00 00"), at
        )
    for seen, slot in enumerate((1, 2, 3)):
        pitch_begins(session, cora, pot, slot, seen, at)
    row = session.exec(select(Juror).where(Juror.code == calls.codes["juror"])).one()
    row.session_hash, row.session_ends_at = hashed(JUROR_TOKEN), NOW + 10_000 * DAY
    session.add(row)
    session.flush()
    acting = ActingJuror(key(row), row.round_id, key(world.call))
    scores = dict.fromkeys(world.criteria, 4)
    save_ballot(session, acting, 1, BallotInput(scores=scores, note=LONG), 0, at)
    save_ballot(session, acting, 2, BallotInput(tie=True), 0, at)
    all_have_pitched(session, cora, pot, 3, NOW)
    keyed = PaperInput(pitches={"1": PaperLine(scores=scores)})
    key_paper(session, cora, pot, calls.codes["paper"], keyed, at)


def _version(session: Session, world: World) -> int:
    return decision_version(session, call_of(session, world.coordinator()))


def _ref(session: Session, world: World, status: Status) -> str:
    rows = select(Application.ref).where(Application.call_id == world.call.id, Application.status == status)
    return session.exec(rows).first() or ""
