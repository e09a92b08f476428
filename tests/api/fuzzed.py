"""Three calls for one cast: one open, one in review, one ranked. What the fuzzer may find in each path."""

from datetime import timedelta

from sqlmodel import Session, col, select

from app.accounts.messages import keep_message
from app.accounts.scopes import SCOPES
from app.applications.actions import InviteInput, invite
from app.applications.flags import FlagInput, raise_flag
from app.applications.invitation_keys import invitation_key
from app.models.applications import Application
from app.models.calls import AwardRound
from app.models.files import ApplicationFile, FileKind
from app.models.panel import Manager as ManagerRow
from app.models.panel import PanelMember, PanelRole, RequestKind, ReviewerRequest, SeatState
from app.models.people import Applicant, Invitation, Message, OriginalFile, ReviewerInvitation
from app.models.public import Webhook
from app.models.screening import FlagKind
from app.random_codes import random_code
from app.settings import Settings
from tests.applications.steps import begin
from tests.decisions.scored import ranked_call, scored_call
from tests.factories import REVIEWING
from tests.world import CLOSES, NOW, OPENS, World, beside, key, make_call, make_criteria, texts, token_for


def make_calls(session: Session, world: World) -> dict[str, list[str]]:
    """The calls, and by name of a path's parameter what is there."""
    session.add(ManagerRow(person_id=key(world.people["cora"]), since=OPENS))
    contact = PanelMember(
        call_id=key(world.call),
        person_id=key(world.people["max"]),
        organisation_id=key(world.organisations["BC"]),
        role=PanelRole.CONTACT,
        code=random_code(),
        joined_at=OPENS,
    )
    session.add(contact)
    scored_call(session, _another(session, world, "2025"), 2)
    ranked_call(session, _another(session, world, "2024"), 3)
    draft = begin(session, world.applicant())
    session.flush()
    invitation, proof = _invited(session, world, draft)
    of_draft = select(Application.id).where(Application.ref == draft).scalar_subquery()
    mates = list(session.exec(select(Applicant.code).where(Applicant.application_id == of_draft)))
    file = _file(session, world, draft)
    keep_message(
        session,
        key(world.people["ada"]),
        ref=draft,
        language="en",
        subject="A draft",
        body="It waits.",
        now=NOW,
    )
    session.flush()
    codes = list(session.exec(select(Application.code)))
    sent = session.exec(select(Application).where(col(Application.counts_number).is_not(None))).first()
    assert sent is not None
    raised = (sent.call_id, key(world.people["cora"]), key(sent))
    return {
        "call": ["2026", "2025", "2024"],
        "ref": [draft, *session.exec(select(Application.ref))],
        "code": codes,
        "application": codes,
        "question": ["none"],
        "criterion": list(world.criteria),
        "attendee": ["none"],
        "walk_in": ["none"],
        "juror": ["none"],
        "slug": ["none"],
        "slot": ["1"],
        "segment": ["none"],
        "item": ["screen"],
        "file": [file],
        "message": list(session.exec(select(Message.code))),
        "number": ["1", "2"],
        "run": ["1"],
        "earlier": ["1"],
        "section": ["brief", "need", "budget"],
        "kind": ["news", "pictures", "processing"],
        "leak": ["none"],
        "flag": [raise_flag(session, *raised, FlagInput(kind=FlagKind.OTHER, words="Look."), NOW)],
        "round": sorted(session.exec(select(AwardRound.code)), key=lambda each: each != world.round.code),
        "member": list(session.exec(select(PanelMember.code))),
        "mate": mates,
        "invitation": [invitation],
        "key": [proof],
        "seat": [_seat(session, world, email) for email in ("guest@example.org", "rita.canary@example.org")],
        "wish": [_wish(session, world)],
        "hook": [_hook(session, world)],
        "reviewer": list(session.exec(select(PanelMember.code))),
        "organisation": ["BC", "AKIM"],
    }


def _invited(session: Session, world: World, ref: str) -> tuple[str, str]:
    """An invitation of Ada's, and the key of one of Ben's that is for her."""
    asked = InviteInput(email="neighbour.canary@example.org")
    code = invite(session, world.applicant(), ref, asked, NOW)
    other = begin(session, world.applicant("ben"))
    to_ada = invite(
        session, world.applicant("ben"), other, InviteInput(email=str(world.people["ada"].email)), NOW
    )
    row = session.exec(select(Invitation).where(Invitation.code == to_ada)).one()
    secret = Settings(_env_file=None).secret_key.get_secret_value()
    return code, invitation_key(secret, row.code, row.nonce)


def _seat(session: Session, world: World, email: str) -> str:
    """An invitation to review that waits for its answer."""
    row = ReviewerInvitation(
        call_id=key(world.call),
        organisation_id=key(world.organisations["BC"]),
        email=email,
        language="en",
        code=random_code(),
        state=SeatState.INVITED,
        proposals=40,
        hours=6,
        due_at=CLOSES + timedelta(days=20),
        invited_by=key(world.people["cora"]),
        made_at=NOW,
        invited_at=NOW,
    )
    session.add(row)
    session.flush()
    return row.code


def _wish(session: Session, world: World) -> str:
    """Rita asks for more time."""
    row = ReviewerRequest(
        code=random_code(),
        call_id=key(world.call),
        member_id=key(world.members["rita"]),
        kind=RequestKind.MORE_TIME,
        until=CLOSES + timedelta(days=30),
        reason="I was ill.",
        asked_at=NOW,
    )
    session.add(row)
    session.flush()
    return row.code


def _hook(session: Session, world: World) -> str:
    """An address that is told of the call; nothing is sent there, for no worker runs."""
    row = Webhook(
        code=random_code(),
        call_id=key(world.call),
        url="https://example.org/hook",
        events=["opened"],
        nonce=random_code(),
        made_by=key(world.people["cora"]),
        made_at=NOW,
    )
    session.add(row)
    session.flush()
    return row.code


def _file(session: Session, world: World, ref: str) -> str:
    """A document of Ada's draft, whose bytes were never put anywhere."""
    application = session.exec(select(Application).where(Application.ref == ref)).one()
    row = ApplicationFile(
        code=random_code(),
        application_id=key(application),
        kind=FileKind.DOCUMENT,
        position=1,
        title="The plan",
        media_type="application/pdf",
        sha256="0" * 64,
        size=1,
        pages=1,
        added_at=NOW,
    )
    session.add(row)
    session.flush()
    before = OriginalFile(
        file_id=key(row),
        name="plan.pdf",
        media_type="application/pdf",
        sha256="0" * 64,
        size=1,
        added_by=key(world.people["ada"]),
    )
    session.add(before)
    session.flush()
    return row.code


def make_tokens(session: Session, world: World) -> dict[str, str]:
    """By role, a token of somebody who has it."""
    cast = {"applicant": "ada", "reviewer": "rita", "coordinator": "cora", "contact": "max"}
    return {role: token_for(session, world.people[name], SCOPES, NOW) for role, name in cast.items()}


def _another(session: Session, world: World, slug: str) -> World:
    """Another call with the same people, organisations and places."""
    call = make_call(session, slug)
    pot = AwardRound(
        call_id=key(call),
        code=random_code(),
        position=1,
        name=texts("Main round"),
        held_at=CLOSES + timedelta(days=45),
        places=2,
        amount_minor=500_000,
        envelope_minor=1_000_000,
    )
    return beside(session, world, call, pot, make_criteria(session, call))


LATER = REVIEWING + timedelta(hours=1)
"""An instant at which every one of the calls is past its closing."""
