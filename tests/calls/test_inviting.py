"""Who is asked to review: invited, accepting, declining, proposing another; and what each reads."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.accounts.actors import Contact, Coordinator, SignedIn
from app.accounts.housekeeping import forget_expired
from app.applications.actions import ConsentInput, start_application
from app.applications.refusals import OnThePanel
from app.applications.screened import desk_waiting
from app.calls import actions
from app.calls.inputs import AcceptInput, DeclineInput, MemberInput, ProposalInput, ReadingInput, SeatInput
from app.calls.invitations import own_proposals, own_seats, seats_of
from app.calls.inviting import AppliesHere, SeatAnswered, SitsHere
from app.calls.panel import panel_of
from app.calls.reading import own_reading, reading_of
from app.errors import Invalid, NotFound, Stale
from app.models.calls import Call, Phase
from app.models.outbox import Mail
from app.models.panel import PanelMember, PanelRole, SeatState
from app.models.people import ReviewerInvitation
from tests.calls.ready import apply_as
from tests.world import CLOSES, NOW, World, key, make_call, make_person

DUE = CLOSES + timedelta(days=12)
ACCEPTED = AcceptInput(languages=["kk", "ru"], topics=["ecology"], capacity=30)


def asked(world: World, name: str = "zoe", **given: object) -> SeatInput:
    """An invitation of somebody of the cast."""
    fields = {"email": str(world.people[name].email), "organisation": "BC", "proposals": 42, "hours": 6}
    return SeatInput.model_validate({**fields, "due_at": DUE, "language": "en", **given})


def mails(session: Session) -> list[str]:
    return list(session.exec(select(Mail.template).order_by(col(Mail.id))))


def test_who_is_invited_accepts_and_is_on_the_panel_with_what_they_read(
    session: Session, world: World
) -> None:
    cora, zoe = world.coordinator(), world.signed_in("zoe")
    code = actions.invite_reviewer(session, cora, asked(world, note="We would love you to."), NOW)
    (own,) = own_seats(session, zoe)
    assert (own.code, own.proposals, own.hours, own.due_at, own.inviter) == (
        code, 42, 6, DUE, "Cora Canaryname",
    )  # fmt: skip
    assert [each.state for each in seats_of(session, cora)] == [SeatState.INVITED]
    assert "zoe.canary@example.org" not in {each.email for each in panel_of(session, cora)}

    slug = actions.accept_seat(session, zoe, code, ACCEPTED, NOW)
    assert slug == "2026"
    (member,) = [each for each in panel_of(session, cora) if each.email == "zoe.canary@example.org"]
    assert (member.role, member.organisation) == (PanelRole.REVIEWER, "BC")
    assert (member.languages, member.topics, member.capacity) == (["kk", "ru"], ["ecology"], 30)
    assert member.due_at == DUE, "the mail promised another date than the call's"
    assert seats_of(session, cora) == [] and own_seats(session, zoe) == []
    assert mails(session) == ["reviewer_invitation", "reviewer_answered"]
    for again in (
        lambda: actions.accept_seat(session, zoe, code, ACCEPTED, NOW),
        lambda: actions.decline_seat(session, zoe, code, DeclineInput(reason="No"), NOW),
        lambda: actions.call_off(session, cora, code, NOW),
        lambda: actions.invite_again(session, cora, code, NOW),
    ):
        with pytest.raises(SeatAnswered):
            again()


def test_who_declines_says_why_and_names_a_colleague_whom_the_coordinator_invites(
    session: Session, world: World
) -> None:
    cora, zoe = world.coordinator(), world.signed_in("zoe")
    code = actions.invite_reviewer(session, cora, asked(world), NOW)
    with pytest.raises(Invalid) as refused:
        actions.decline_seat(session, zoe, code, DeclineInput(reason="Away", colleague_name="Max"), NOW)
    assert refused.value.fields == {"colleague_email": ("seat.colleague_email", {})}
    given = DeclineInput(
        reason="I am away in March", colleague_email="max.canary@example.org", colleague_name="Max"
    )
    actions.decline_seat(session, zoe, code, given, NOW)
    proposed, declined = seats_of(session, cora)
    assert (declined.state, declined.reason) == (SeatState.DECLINED, "I am away in March")
    assert (proposed.state, proposed.email, proposed.proposed_by, proposed.organisation) == (
        SeatState.PROPOSED, "max.canary@example.org", "Zoe Canaryname", "BC",
    )  # fmt: skip
    waiting = desk_waiting(session, cora, Phase.OPEN)
    assert (waiting.requests, waiting.seats) == (0, 1)
    assert own_seats(session, world.signed_in("max")) == [], "nobody has written to him yet"
    with pytest.raises(NotFound):
        actions.accept_seat(session, world.signed_in("max"), proposed.code, ACCEPTED, NOW)

    invited = actions.invite_reviewer(session, cora, asked(world, "max"), NOW)
    assert [each.code for each in own_seats(session, world.signed_in("max"))] == [invited]
    assert [(each.state, each.proposed_by) for each in seats_of(session, cora)] == [
        (SeatState.INVITED, "Zoe Canaryname"), (SeatState.DECLINED, ""),
    ]  # fmt: skip
    # Who has declined can be asked again, and may think better of it.
    assert actions.invite_reviewer(session, cora, asked(world), NOW) == code
    actions.accept_seat(session, zoe, code, ACCEPTED, NOW)
    actions.call_off(session, cora, invited, NOW)
    assert [row.email for row in session.exec(select(ReviewerInvitation))] == ["zoe.canary@example.org"]
    assert "seat-" + invited + "-1" not in set(session.exec(select(Mail.dedupe_key)))


def test_an_invitation_is_answered_by_its_own_address_alone(session: Session, world: World) -> None:
    cora = world.coordinator()
    code = actions.invite_reviewer(session, cora, asked(world), NOW)
    for name in ("ada", "rita", "cora"):
        with pytest.raises(NotFound):
            actions.accept_seat(session, world.signed_in(name), code, ACCEPTED, NOW)
    other = Coordinator(cora.person_id, key(make_call(session, "other")))
    for act in (actions.invite_again, actions.call_off):
        with pytest.raises(NotFound):
            act(session, other, code, NOW)


def test_nobody_both_applies_and_reviews_in_one_call(session: Session, world: World) -> None:
    """Whichever came first; in another call the same person may."""
    cora, zoe = world.coordinator(), world.signed_in("zoe")
    apply_as(session, world, "ada")
    with pytest.raises(Invalid) as refused:
        actions.invite_reviewer(session, cora, asked(world, "ada"), NOW)
    assert refused.value.fields == {"email": ("panel.applies", {})}

    code = actions.invite_reviewer(session, cora, asked(world), NOW)
    apply_as(session, world, "zoe")
    with pytest.raises(AppliesHere):
        actions.accept_seat(session, zoe, code, ACCEPTED, NOW)
    actions.decline_seat(session, zoe, code, DeclineInput(reason="I apply myself"), NOW)

    consents = ConsentInput(processing=True, publication=True)
    with pytest.raises(OnThePanel):
        start_application(session, world.applicant("rita"), "2026", consents, language="en", now=NOW)
    make_call(session, "elsewhere")
    assert start_application(session, world.applicant("rita"), "elsewhere", consents, language="en", now=NOW)


@pytest.mark.parametrize(
    ("name", "given", "field", "code"),
    [
        ("rita", {}, "email", "panel.already"),
        ("cora", {}, "email", "panel.already"),
        ("zoe", {"organisation": "XX"}, "organisation", "panel.organisation"),
        ("zoe", {"due_at": NOW}, "due_at", "seat.due_past"),
    ],
)
def test_invitation_refused(
    session: Session, world: World, name: str, given: dict[str, object], field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.invite_reviewer(session, world.coordinator(), asked(world, name, **given), NOW)
    assert refused.value.fields == {field: (code, {})}


def test_nobody_is_invited_twice_or_seated_twice(session: Session, world: World) -> None:
    cora = world.coordinator()
    code = actions.invite_reviewer(session, cora, asked(world), NOW)
    with pytest.raises(Invalid) as refused:
        actions.invite_reviewer(session, cora, asked(world), NOW)
    assert refused.value.fields == {"email": ("seat.is_invited", {})}
    actions.invite_again(session, cora, code, NOW)
    assert mails(session) == ["reviewer_invitation"] * 2
    member = MemberInput(role=PanelRole.CONTACT, organisation="BC", email="zoe.canary@example.org")
    actions.add_member(session, cora, member, NOW)
    with pytest.raises(SitsHere):
        actions.accept_seat(session, world.signed_in("zoe"), code, ACCEPTED, NOW)
    # Nor does whoever answers for an organisation apply in the call.
    consents = ConsentInput(processing=True, publication=True)
    with pytest.raises(OnThePanel):
        start_application(session, world.applicant("zoe"), "2026", consents, language="en", now=NOW)


def test_who_has_no_name_gives_one_and_topics_are_the_calls_own(session: Session, world: World) -> None:
    newcomer = make_person(session, "newcomer")
    newcomer.name = ""
    session.add(newcomer)
    session.flush()
    given = asked(world).model_copy(update={"email": str(newcomer.email)})
    code = actions.invite_reviewer(session, world.coordinator(), given, NOW)
    who = SignedIn(key(newcomer))
    for answer, field, problem in (
        (ACCEPTED, "own_name", "seat.name_needed"),
        (AcceptInput(own_name="Aliya", topics=["space"]), "topics", "choice.unknown"),
    ):
        with pytest.raises(Invalid) as refused:
            actions.accept_seat(session, who, code, answer, NOW)
        assert refused.value.fields == {field: (problem, {})}
    actions.accept_seat(session, who, code, AcceptInput(own_name="Aliya"), NOW)
    session.refresh(newcomer)
    assert newcomer.name == "Aliya"


def test_what_a_reviewer_reads_is_changed_by_both_and_never_over_a_later_change(
    session: Session, world: World
) -> None:
    rita, cora, code = world.reviewer(), world.coordinator(), world.members["rita"].code
    actions.save_own_reading(session, rita, 1, ReadingInput(languages=["ru"], capacity=20), NOW)
    actions.save_reading(session, cora, code, 2, ReadingInput(languages=["ru", "kk"]), NOW)
    with pytest.raises(Stale) as stale:
        actions.save_own_reading(session, rita, 2, ReadingInput(languages=["en"]), NOW)
    assert stale.value.version == 3
    assert own_reading(session, rita) == reading_of(session, cora, code)
    assert own_reading(session, rita).languages == ["ru", "kk"]
    with pytest.raises(Invalid):
        actions.save_own_reading(session, rita, 3, ReadingInput(topics=["space"]), NOW)
    for strange in (world.members["cora"].code, "none"):
        with pytest.raises(NotFound):
            actions.save_reading(session, cora, strange, 1, ReadingInput(), NOW)


def test_a_contact_proposes_and_learns_nothing_of_an_address(session: Session, world: World) -> None:
    contact = Contact(key(world.people["max"]), key(world.call), key(world.organisations["BC"]))
    for name in ("rolf", "cora", "zoe", "zoe"):
        given = ProposalInput(email=str(world.people[name].email), name=name.title())
        actions.propose_reviewer(session, contact, given, NOW)
    colleague = ProposalInput(email=str(world.people["rita"].email))
    with pytest.raises(Invalid) as refused:
        actions.propose_reviewer(session, contact, colleague, NOW)
    assert refused.value.fields == {"email": ("seat.colleague_reviews", {})}
    assert [each.name for each in own_proposals(session, contact)] == ["Rolf", "Cora", "Zoe"]
    assert session.exec(select(ReviewerInvitation)).all() == [], "nobody is asked by it"


def test_the_coordinators_see_every_proposal_and_what_the_address_is_already(
    session: Session, world: World
) -> None:
    """Whatever they do about it, who proposed reads what they typed and nothing else."""
    cora, bc = world.coordinator(), key(world.organisations["BC"])
    contact = Contact(key(world.people["max"]), key(world.call), bc)
    other = Contact(key(world.people["anna"]), key(world.call), key(world.organisations["AKIM"]))
    actions.invite_reviewer(session, cora, asked(world, "ben", organisation="ADC"), NOW)
    for who, name in ((contact, "rolf"), (contact, "ben"), (contact, "zoe"), (other, "zoe"), (other, "cora")):
        given = ProposalInput(email=str(world.people[name].email), name=name.title())
        actions.propose_reviewer(session, who, given, NOW)
    typed = own_proposals(session, contact)
    assert [each.name for each in typed] == ["Rolf", "Ben", "Zoe"]

    def waiting() -> list[tuple[str, str, str | None, str]]:
        return [
            (each.name, each.organisation, each.stands, each.stands_for)
            for each in seats_of(session, cora)
            if each.state is SeatState.PROPOSED
        ]

    assert waiting() == [
        ("Rolf", "BC", "reviews", "AKIM"),
        ("Ben", "BC", "invited", "ADC"),
        ("Zoe", "BC", None, ""),
        ("Zoe", "AKIM", None, ""),
        ("Cora", "AKIM", "coordinates", ""),
    ]
    code = actions.invite_reviewer(session, cora, asked(world), NOW)
    assert waiting()[2:3] == [("Zoe", "AKIM", "invited", "BC")]
    for each in seats_of(session, cora):
        if each.state is SeatState.PROPOSED:
            assert actions.call_off(session, cora, each.code, NOW) is SeatState.PROPOSED
    assert waiting() == [] and desk_waiting(session, cora, Phase.OPEN).seats == 0
    actions.decline_seat(session, world.signed_in("zoe"), code, DeclineInput(reason="Away"), NOW)
    actions.call_off(session, cora, code, NOW)
    assert own_proposals(session, contact) == typed
    actions.propose_reviewer(session, contact, ProposalInput(email="zoe.canary@example.org"), NOW)
    assert waiting() == [("Zoe", "BC", None, "")] and own_proposals(session, contact) == typed


def test_addresses_are_forgotten_a_month_after_the_call(session: Session, world: World) -> None:
    actions.invite_reviewer(session, world.coordinator(), asked(world), NOW)
    contact = Contact(key(world.people["max"]), key(world.call), key(world.organisations["BC"]))
    actions.propose_reviewer(session, contact, ProposalInput(email="kim@example.org"), NOW)
    call = session.exec(select(Call).where(Call.slug == "2026")).one()
    call.published_at = NOW
    session.add(call)
    forget_expired(session, NOW + timedelta(days=29))
    assert len(session.exec(select(ReviewerInvitation)).all()) == 1
    forget_expired(session, NOW + timedelta(days=31))
    assert session.exec(select(ReviewerInvitation)).all() == [] and mails(session) == []
    assert own_proposals(session, contact) == []


def test_a_former_reviewer_comes_back_to_the_same_membership(session: Session, world: World) -> None:
    cora, code = world.coordinator(), world.members["rita"].code
    actions.remove_member(session, cora, code, NOW)
    seat = actions.invite_reviewer(session, cora, asked(world, "rita"), NOW)
    actions.accept_seat(session, world.signed_in("rita"), seat, ACCEPTED, NOW)
    row = session.exec(select(PanelMember).where(PanelMember.code == code)).one()
    assert row.removed_at is None and row.capacity == 30
