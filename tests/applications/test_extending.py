"""A later deadline: for one application with a reason, or for all; never once reviewers have begun."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.applications import actions
from app.applications.actions import LaterInput, TakenBackInput
from app.applications.full import full_extension, full_extensions
from app.applications.own import own_application, own_draft, own_status
from app.applications.refusals import ExtensionSettled, ExtensionsRun, NoExtension, TooLate
from app.calls.inputs import ExtensionInput
from app.calls.public import public_call
from app.calls.texts import LongTexts
from app.errors import Invalid, NotFound, Stale
from app.models.applications import Application
from app.models.audit import AuditEntry
from app.models.outbox import Mail
from app.reviews.opening import open_reviewing
from tests.applications.steps import begin, begin_write_send, send, write
from tests.factories import clear_rows
from tests.world import CLOSES, NOW, World, make_call

TICK = timedelta(microseconds=1)
GRACE = timedelta(minutes=15)
LATER = CLOSES + timedelta(days=2)
AFTER = CLOSES + timedelta(hours=1)
"""The call has closed, its grace too."""
WHY = "No electricity in the village."


def give(
    session: Session, world: World, ref: str, until: object = LATER, *, version: int = 0, now: object = AFTER
) -> None:
    given = LaterInput.model_validate({"until": until, "reason": WHY})
    actions.give_extension(session, world.coordinator(), ref, given, version=version, now=now)  # type: ignore[arg-type]


def mails(session: Session, template: str) -> list[Mail]:
    return list(session.exec(select(Mail).where(Mail.template == template).order_by(col(Mail.id))))


def audits(session: Session, action: str) -> list[AuditEntry]:
    return list(session.exec(select(AuditEntry).where(AuditEntry.action == action)))


def test_extension_opens_a_draft_again_to_its_own_instant_for_nobody_else(
    session: Session, world: World
) -> None:
    ada, ben = world.applicant(), world.applicant("ben")
    mine, theirs = begin(session, ada), begin(session, ben)
    write(session, ada, mine)
    write(session, ben, theirs)
    with pytest.raises(TooLate):
        send(session, ada, mine, now=AFTER)
    give(session, world, mine)

    own = own_application(session, ada, mine, AFTER)
    assert (own.due_at, own.extended, own.writable, own.in_grace) == (LATER, True, True, False)
    assert own.closes_at == CLOSES
    assert own_application(session, ada, mine, LATER).in_grace
    saved = actions.save_section(session, ada, mine, "brief", {"title": "New"}, version=2, now=LATER - TICK)
    assert saved.version == 3
    with pytest.raises(TooLate):
        send(session, ada, mine, now=LATER + GRACE)
    with pytest.raises(TooLate):
        send(session, ben, theirs, now=AFTER)
    assert send(session, ada, mine, now=LATER + GRACE - TICK).number == 1

    (entry,) = audits(session, "application.extend")
    assert (entry.subject, entry.person_id, entry.detail) == (
        mine, world.coordinator().person_id, {"number": 1, "from": None, "to": LATER.isoformat()},
    )  # fmt: skip
    (mail,) = mails(session, "application_extension")
    assert (mail.person_id, mail.params) == (ada.person_id, {"ref": mine, "number": 1})
    assert [each.ref for each in full_extensions(session, world.coordinator(), AFTER)] == [mine]
    draft = own_draft(session, ben, theirs, AFTER)
    assert (draft.extension, draft.application.extended) == (None, False)


def test_extension_is_changed_and_taken_back_with_reasons_that_stay(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin(session, ada)
    give(session, world, ref, now=NOW)
    with pytest.raises(Stale):
        give(session, world, ref, LATER + TICK)
    give(session, world, ref, LATER + timedelta(days=1), version=1)
    back = TakenBackInput(reason="Given to the wrong application.")
    with pytest.raises(Stale):
        actions.take_back_extension(session, world.coordinator(), ref, back, version=1, now=AFTER)
    actions.take_back_extension(session, world.coordinator(), ref, back, version=2, now=AFTER)

    found = full_extension(session, world.coordinator(), ref, AFTER)
    assert (found.version, found.extended_to, found.due_at) == (3, None, CLOSES)
    assert (found.can_change, found.can_take_back) == (True, False)
    assert [(each.until, each.reason) for each in found.steps] == [
        (LATER, WHY), (LATER + timedelta(days=1), WHY), (None, back.reason),
    ]  # fmt: skip
    assert {each.by for each in found.steps} == {"Cora Canaryname"}
    assert [each.until for each in own_status(session, ada, ref, AFTER).extensions] == [
        LATER, LATER + timedelta(days=1), None,
    ]  # fmt: skip
    assert not own_application(session, ada, ref, AFTER).writable
    with pytest.raises(NoExtension):
        actions.take_back_extension(session, world.coordinator(), ref, back, version=3, now=AFTER)
    assert len(mails(session, "application_extension")) == 3
    assert len(audits(session, "application.take_back_extension")) == 1
    actions.delete_draft(session, ada, ref, AFTER)
    assert session.exec(select(Application)).all() == []


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (CLOSES, "extension.not_later"),
        (AFTER, "extension.past"),
        (CLOSES + timedelta(days=20), "extension.after_reviews"),
    ],
)
def test_extension_to_a_useless_instant_is_refused(
    session: Session, world: World, until: object, code: str
) -> None:
    ref = begin(session, world.applicant())
    with pytest.raises(Invalid) as refused:
        give(session, world, ref, until)
    assert refused.value.fields["until"][0] == code
    with pytest.raises(NotFound):
        give(session, world, "WA26-NOBODY")


def test_extension_and_reviewing_keep_each_other_out(session: Session, world: World) -> None:
    ada, cora = world.applicant(), world.coordinator()
    ref = begin_write_send(session, ada)
    withdrawn = begin_write_send(session, world.applicant("ben"))
    actions.withdraw_application(session, world.applicant("ben"), withdrawn, NOW)
    with pytest.raises(ExtensionSettled):
        give(session, world, withdrawn)
    give(session, world, ref)
    # What was sent can be taken back by its own deadline, and sent again.
    actions.take_back(session, ada, ref, AFTER)
    send(session, ada, ref, number=2, now=AFTER)
    clear_rows(session)
    with pytest.raises(ExtensionsRun):
        open_reviewing(session, cora, LATER + GRACE - TICK)
    assert open_reviewing(session, cora, LATER + GRACE) == 1
    session.expire_all()
    with pytest.raises(ExtensionSettled):
        give(session, world, ref, LATER + timedelta(days=3), version=1, now=LATER + GRACE)


def test_extension_of_another_call_is_not_found(session: Session, world: World) -> None:
    make_call(session, "other")
    ref = begin(session, world.applicant(), "other")
    with pytest.raises(NotFound):
        give(session, world, ref)
    with pytest.raises(NotFound):
        full_extension(session, world.coordinator(), ref, NOW)


def test_grace_is_written_down_at_every_use_and_only_then(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin(session, ada)
    write(session, ada, ref)
    actions.save_section(session, ada, ref, "brief", {"title": "In time"}, version=2, now=CLOSES - TICK)
    assert audits(session, "grace.use") == []
    actions.save_section(session, ada, ref, "brief", {"title": "Grace"}, version=3, now=CLOSES)
    late = CLOSES + timedelta(minutes=2)
    # The same again is no use of it.
    actions.save_section(session, ada, ref, "brief", {"title": "Grace"}, version=4, now=late)
    send(session, ada, ref, now=late)
    actions.take_back(session, ada, ref, late)
    used = [(each.subject, each.detail) for each in audits(session, "grace.use")]
    assert used == [
        (ref, {"act": "save", "seconds": 0}),
        (ref, {"act": "send", "seconds": 120}),
        (ref, {"act": "take_back", "seconds": 120}),
    ]


def test_extending_for_all_writes_once_to_everybody_with_a_draft(session: Session, world: World) -> None:
    draft, again, sent = (world.applicant(name) for name in ("ada", "ben", "zoe"))
    begin(session, draft)
    begin(session, draft)
    taken_back = begin_write_send(session, again)
    actions.take_back(session, again, taken_back, NOW)
    begin_write_send(session, sent)
    reason = LongTexts(kk="Жарық болмады.", ru="Не было света.", en="No light.")
    given = ExtensionInput(closes_at=LATER, reason=reason)
    actions.extend_for_all(session, world.coordinator(), 1, given, NOW)
    told = mails(session, "call_extended")
    assert [each.person_id for each in told] == sorted([draft.person_id, again.person_id])
    assert all(each.params == {"call": "2026", "to": LATER.isoformat()} for each in told)
    (notice,) = public_call(session, "2026", NOW).notices
    assert (notice.at, notice.from_, notice.to, notice.reason["en"]) == (NOW, CLOSES, LATER, "No light.")
