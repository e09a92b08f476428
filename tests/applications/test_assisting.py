"""A coordinator types in for somebody who is not online: whose it is, who may read it, until when."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.accounts.actors import Applicant, Coordinator, SignedIn
from app.accounts.messages import own_messages
from app.accounts.returning import ReturnCodeInput, enter_return_code
from app.applications import actions
from app.applications.actions import AssistedInput
from app.applications.assisted import assisted_list, assisted_one, count_without_email, people_without_email
from app.applications.full import applicants_on_panel, full_one
from app.applications.own import own_application, own_consents, own_draft, own_status
from app.applications.own_versions import own_versions
from app.applications.refusals import AssistsAsReviewer, CallNotOpen, NotAssisted, OnThePanel, ReadOnly
from app.calls import actions as calls
from app.calls.inputs import MemberInput
from app.database import session_on
from app.errors import Invalid, NotFound
from app.jobs.worker import send_due
from app.models.applications import Agreed, Application, Channel, Draft, Packet
from app.models.audit import AuditEntry
from app.models.outbox import Mail
from app.models.panel import PanelMember, PanelRole
from app.models.people import Applicant as ApplicantRow
from app.models.people import Consent, DevelopmentMail, Identity, Person, ReturnCode
from app.privacy.copying import kept_data
from app.privacy.erasing import erase_account, erase_application
from app.settings import Settings
from tests.applications.steps import begin, begin_write_send, signed, write
from tests.world import CLOSES, NOW, World, key

SECRET = "a secret of this test"
GIVEN = AssistedInput(
    own_name="Sabira Akhmetova", birth_year=1956, phone="+7 701 234 56 78", language="kk",
    channel=Channel.PAPER, received_on=date(2026, 3, 9), processing=True, publication=True, news=True,
    agreed=Agreed.SIGNED, agreed_note="Binder 2026, page 12",
)  # fmt: skip


def started(session: Session, world: World, given: AssistedInput = GIVEN) -> tuple[str, str]:
    entry = actions.start_assisted(session, world.coordinator(), given, secret=SECRET, now=NOW)
    session.flush()
    return entry.ref, entry.code


def typist(world: World) -> Applicant:
    """The coordinator as she stands on the applicant's pages."""
    return world.applicant("cora")


def owner_of(session: Session, ref: str) -> Applicant:
    statement = select(ApplicantRow.person_id).join(
        Application, col(Application.id) == col(ApplicantRow.application_id)
    )
    return Applicant(session.exec(statement.where(Application.ref == ref)).one())


def sent_for(session: Session, world: World) -> tuple[str, str]:
    ref, code = started(session, world)
    write(session, typist(world), ref)
    given = signed(name="Sabira").model_copy(
        update={"declared": "signed", "declared_note": "Binder, page 13"}
    )
    sent = actions.send_application(session, typist(world), ref, given, language="ru", now=NOW)
    assert sent.desk == world.call.slug
    return ref, code


def test_entry_is_the_persons_own_draft_with_recorded_consents(session: Session, world: World) -> None:
    ref, code = started(session, world)
    owner = owner_of(session, ref)
    person = session.get(Person, owner.person_id)
    assert person is not None
    assert (person.email, person.name, person.birth_year, len(code)) == (None, "Sabira Akhmetova", 1956, 12)
    consents = session.exec(select(Consent).where(Consent.person_id == owner.person_id)).all()
    assert {(each.kind, each.language, each.text_version != "") for each in consents} == {
        ("processing", "kk", True), ("publication", "kk", True), ("news", "kk", True)
    }  # fmt: skip
    own = own_application(session, owner, ref, NOW)
    assert own.owner
    assert own.entered is not None
    assert (own.entered.channel, own.entered.by_me, own.by_mail) == (Channel.PAPER, False, False)
    assert [step.move for step in own_status(session, owner, ref, NOW).steps] == ["enter"]
    (line,) = assisted_list(session, world.coordinator())
    assert (line.ref, line.mine, line.name, line.by, line.agreed_note) == (
        ref, True, "Sabira Akhmetova", "Cora Canaryname", "Binder 2026, page 12"
    )  # fmt: skip


def test_same_form_twice_is_one_entry_whose_last_code_works(session: Session, world: World) -> None:
    ref, first = started(session, world)
    again, second = started(session, world)
    assert (again, first != second) == (ref, True)
    with pytest.raises(Invalid):
        entered(session, first, "1956")
    assert entered(session, second, "1956")
    assert len(session.exec(select(Person).where(col(Person.email).is_(None))).all()) == 1


def entered(session: Session, code: str, fact: str) -> str:
    given = ReturnCodeInput(code=code, fact=fact, shared_computer=True)
    return enter_return_code(session, given, client="1.2.3.4", browser_name="", secret=SECRET, now=NOW).token


def test_typist_writes_by_the_same_rules_and_each_write_is_in_the_log(session: Session, world: World) -> None:
    ref, _ = started(session, world)
    cora = typist(world)
    write(session, cora, ref)
    assert own_draft(session, cora, ref, NOW).ready
    acts = session.exec(select(AuditEntry).where(AuditEntry.action == "assistance.write")).all()
    assert len(acts) == 6
    assert {act.person_id for act in acts} == {cora.person_id}
    assert all(act.detail["on_behalf"] and act.subject == ref for act in acts)
    row = session.exec(select(Draft).where(Draft.section == "brief")).one()
    assert row.updated_by == cora.person_id
    owner = owner_of(session, ref)
    actions.save_section(session, owner, ref, "brief", {"title": "Mine"}, version=2, now=NOW)
    (kept,) = own_versions(session, owner, ref, "brief", NOW).versions
    assert kept.by == "", "an owner reads that the programme wrote it, not who"
    # What is its owner's alone is not the typist's.
    for act in (actions.withdraw_application, actions.delete_draft, actions.go_on_alone):
        with pytest.raises(ReadOnly):
            act(session, cora, ref, NOW)
    with pytest.raises(NotFound):
        own_consents(session, cora, ref, NOW)
    with pytest.raises(NotFound):
        actions.change_consent(session, cora, ref, "pictures", given=True, language="en", now=NOW)


def test_coordinator_reads_only_what_she_types_in_herself(session: Session, world: World) -> None:
    ada = begin(session, world.applicant())
    ref, _ = started(session, world)
    second = PanelMember(
        call_id=key(world.call), person_id=key(world.people["zoe"]), role=PanelRole.COORDINATOR,
        code="second", joined_at=NOW,
    )  # fmt: skip
    session.add(second)
    session.flush()
    with pytest.raises(NotFound):
        own_draft(session, typist(world), ada, NOW)
    zoe = Coordinator(key(world.people["zoe"]), key(world.call))
    with pytest.raises(NotFound):
        own_draft(session, Applicant(zoe.person_id), ref, NOW)
    with pytest.raises(NotFound):
        actions.renew_code(session, zoe, ref, secret=SECRET, now=NOW)
    with pytest.raises(NotFound):
        actions.hand_to_owner(session, zoe, ref, NOW)
    shown = assisted_one(session, zoe, ref)
    assert (shown.mine, shown.name, shown.can_code) == (False, "", False)
    # Who leaves the panel leaves the draft with it.
    cora = session.exec(select(PanelMember).where(PanelMember.role == PanelRole.COORDINATOR)).first()
    assert cora is not None
    cora.removed_at = NOW
    session.flush()
    with pytest.raises(NotFound):
        own_draft(session, typist(world), ref, NOW)


@pytest.mark.parametrize("how", ["handed over", "taken over", "sent"])
def test_typist_reads_nothing_any_more_once_it_ended(session: Session, world: World, how: str) -> None:
    if how == "sent":
        ref, _ = sent_for(session, world)
    else:
        ref, _ = started(session, world)
        if how == "handed over":
            actions.hand_to_owner(session, world.coordinator(), ref, NOW)
        else:
            actions.go_on_alone(session, owner_of(session, ref), ref, NOW)
    session.expire_all()
    with pytest.raises(NotFound):
        own_draft(session, typist(world), ref, NOW)
    with pytest.raises(NotFound):
        actions.save_section(session, typist(world), ref, "brief", {"title": "x"}, version=1, now=NOW)
    with pytest.raises(NotAssisted):
        actions.hand_to_owner(session, world.coordinator(), ref, NOW)
    with pytest.raises(NotAssisted):
        actions.go_on_alone(session, owner_of(session, ref), ref, NOW)
    shown = assisted_one(session, world.coordinator(), ref)
    assert (shown.mine, shown.name, shown.can_code) == (False, "", True)


def test_sending_for_somebody_records_how_they_declared_it(session: Session, world: World) -> None:
    ref, _ = started(session, world)
    write(session, typist(world), ref)
    with pytest.raises(Invalid) as refused:
        actions.send_application(session, typist(world), ref, signed(), language="en", now=NOW)
    assert set(refused.value.fields) == {"declared", "declared_note"}
    given = signed(name="Sabira").model_copy(
        update={"declared": "spoken", "declared_note": "10 March, 12:00"}
    )
    first = actions.send_application(session, typist(world), ref, given, language="en", now=NOW)
    again = actions.send_application(session, typist(world), ref, given, language="en", now=NOW)
    assert first == again, "pressed twice"
    declaration = session.exec(select(Identity.data)).one()["declaration"]
    assert (declaration["declared"], declaration["declared_note"]) == ("spoken", "10 March, 12:00")
    owner = owner_of(session, ref)
    assert [step.move for step in own_status(session, owner, ref, NOW).steps] == ["enter", "send"]
    session.expire_all()
    assert own_application(session, owner, ref, NOW).counts_number == 1
    entered_by = full_one(session, world.coordinator(), ref).entered
    assert entered_by is not None
    assert (entered_by.by, entered_by.channel) == ("Cora Canaryname", Channel.PAPER)
    # Its owner needs no word of how it was declared.
    mine = begin_write_send(session, world.applicant())
    assert own_application(session, world.applicant(), mine, NOW).entered is None


def test_packet_of_an_entry_is_like_any_other(session: Session, world: World) -> None:
    sent_for(session, world)
    begin_write_send(session, world.applicant())
    one, other = session.exec(select(Packet).order_by(col(Packet.sending_id))).all()
    exclude = {"sending_id", "language"}
    assert one.model_dump(exclude=exclude) == other.model_dump(exclude=exclude)


def test_who_typed_it_in_never_scores_it(session: Session, world: World) -> None:
    ref, _ = sent_for(session, world)
    cora = world.people["cora"]
    member = MemberInput(email=str(cora.email), role=PanelRole.REVIEWER, organisation="BC")
    with pytest.raises(Invalid) as refused:
        calls.add_member(session, world.coordinator(), member, NOW)
    assert refused.value.fields["email"][0] == "panel.typed_in"
    code = session.exec(select(Application.code).where(Application.ref == ref)).one()
    assert (world.members["cora"].code, code) in applicants_on_panel(session, key(world.call))
    # And who scores types nothing in.
    session.add(
        PanelMember(
            call_id=key(world.call), person_id=key(world.people["rita"]), role=PanelRole.COORDINATOR,
            code="both", joined_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    rita = Coordinator(key(world.people["rita"]), key(world.call))
    with pytest.raises(AssistsAsReviewer):
        actions.start_assisted(session, rita, GIVEN, secret=SECRET, now=NOW)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"received_on": date(2026, 3, 11)}, "received_on"),
        ({"received_on": date(2026, 2, 1)}, "received_on"),
        ({"processing": False}, "processing"),
        ({"publication": False}, "publication"),
        ({"birth_year": None, "phone": None}, "birth_year"),
        ({"birth_year": 2020}, "birth_year"),
    ],
)
def test_entry_that_lacks_something_is_refused_at_its_field(
    session: Session, world: World, changed: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        started(session, world, GIVEN.model_copy(update=changed))
    assert set(refused.value.fields) == {field}


def test_paper_that_came_in_time_is_not_typed_in_after_closing(session: Session, world: World) -> None:
    late = CLOSES + timedelta(minutes=1)
    with pytest.raises(CallNotOpen):
        actions.start_assisted(session, world.coordinator(), GIVEN, secret=SECRET, now=late)
    rolf = GIVEN.model_copy(update={"email": world.people["rolf"].email})
    with pytest.raises(OnThePanel):
        started(session, world, rolf)


def test_person_with_an_address_is_told_and_gets_no_code(
    engine: Engine, settings: Settings, world: World
) -> None:
    given = GIVEN.model_copy(update={"email": "sabira@example.org", "phone": None, "birth_year": None})
    known = GIVEN.model_copy(update={"email": str(world.people["ben"].email)})
    with session_on(engine) as session, session.begin():
        ref, code = started(session, world, given)
        bens, _ = started(session, world, known)
        assert code == ""
        assert not assisted_one(session, world.coordinator(), ref).can_code
        with pytest.raises(NotFound):
            actions.renew_code(session, world.coordinator(), ref, secret=SECRET, now=NOW)
        ben = session.get(Person, key(world.people["ben"]))
        assert ben is not None
        assert (ben.name, ben.phone) == ("Ben Canaryname", ""), "an account is its owner's to change"
        assert own_application(session, world.applicant("ben"), bens, NOW).owner
        actions.hand_to_owner(session, world.coordinator(), ref, NOW)
    send_due(engine, settings, NOW)
    with session_on(engine, reading=True) as session, session.begin():
        mails = session.exec(select(DevelopmentMail).order_by(col(DevelopmentMail.id))).all()
        assert [mail.recipient for mail in mails] == [
            "sabira@example.org", str(world.people["ben"].email), "sabira@example.org"
        ]  # fmt: skip
        assert all("canary" not in mail.body.lower() or mail.recipient.startswith("ben") for mail in mails)


def test_letters_to_who_has_no_address_are_kept_on_the_site(
    engine: Engine, settings: Settings, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        ref, _ = sent_for(session, world)
        owner = owner_of(session, ref)
    send_due(engine, settings, NOW)
    with session_on(engine) as session, session.begin():
        assert session.exec(select(DevelopmentMail)).all() == []
        assert session.exec(select(Mail.error).where(Mail.person_id == owner.person_id)).all() == [""]
        messages, total = own_messages(session, SignedIn(owner.person_id), limit=9, offset=0)
        assert total == 1
        assert ref in messages[0].subject
        assert count_without_email(session, world.coordinator()) == 1
        assert count_without_email(session, world.coordinator(), ref) == 1
        assert count_without_email(session, world.coordinator(), "WA26-NOBODY") == 0
        (line,) = people_without_email(session, world.coordinator(), NOW)
        assert (line.ref, line.name, line.phone) == (ref, "Sabira Akhmetova", "+77012345678")
        reads = session.exec(select(AuditEntry).where(AuditEntry.action == "identity.list")).all()
        assert [each.detail["count"] for each in reads] == [1]


def test_copy_and_erasure_know_what_is_kept_of_who_is_not_online(session: Session, world: World) -> None:
    ref, code = sent_for(session, world)
    owner = owner_of(session, ref)
    kept = kept_data(session, owner, NOW)
    assert (kept.account.email, kept.account.phone, kept.account.birth_year) == (None, "+77012345678", 1956)
    assert kept.account.return_code_made_at == NOW
    assert kept.applications[0].application.entered is not None
    number = session.exec(select(Application.id).where(Application.ref == ref)).one()
    assert number
    erase_application(session, number)
    person = session.get(Person, owner.person_id)
    assert person is not None
    erase_account(session, person, [ref])
    session.flush()
    session.expire_all()
    person = session.get(Person, owner.person_id)
    assert person is not None
    assert (person.email, person.name, person.phone, person.birth_year) == (None, "", "", None)
    assert session.exec(select(ReturnCode)).all() == []
    assert assisted_one(session, world.coordinator(), ref).agreed_note == ""
    with pytest.raises(Invalid):
        entered(session, code, "1956")


def test_draft_that_was_typed_in_can_be_deleted_by_its_owner(session: Session, world: World) -> None:
    ref, _ = started(session, world)
    actions.delete_draft(session, owner_of(session, ref), ref, NOW)
    session.flush()
    assert assisted_list(session, world.coordinator()) == []
