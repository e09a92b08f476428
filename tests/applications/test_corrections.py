"""A correction: asked until reviewing opens, answered by a sending in which only named answers differ."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.applications import actions
from app.applications.actions import AnswerInput, NotReady
from app.applications.actions.asking import (
    CorrectionInput,
    DueInput,
    ask_correction,
    close_correction,
    extend_correction,
)
from app.applications.actions.sending import fingerprint
from app.applications.correction_refusals import (
    CorrectionClosed,
    CorrectionOpen,
    CorrectionOverdue,
    CorrectionTakenBack,
    CorrectionTooLate,
    NothingAsked,
)
from app.applications.corrections import (
    CorrectionState,
    count_awaited,
    full_correction,
    full_corrections,
    own_correction,
    read_change,
)
from app.applications.refusals import ReadOnly
from app.errors import Invalid, NotFound, Stale
from app.models.applications import Application, Draft, History, Packet, Sending, Status, TeamRole
from app.models.audit import AuditEntry
from app.models.outbox import Mail
from app.models.people import Applicant as ApplicantRow
from app.models.people import CorrectionDraft, Identity
from app.reviews.opening import open_reviewing
from app.reviews.refusals import CorrectionsAwaited
from tests.applications.steps import begin_write_send, send
from tests.applications.typed import GRANT
from tests.factories import clear_rows, count_of
from tests.world import CLOSES, NOW, World, key

CLOSED = CLOSES + timedelta(hours=3)
DAY = timedelta(days=1)
WHY = "Please name a place, and a phone that works."
FIELDS = ["brief.summary", "brief.place", "team.phone"]


def ask(session: Session, world: World, ref: str, now: datetime = CLOSED, **more: Any) -> None:
    given = CorrectionInput(**{"fields": FIELDS, "question": WHY} | more)
    ask_correction(session, world.coordinator(), ref, given, now)
    session.flush()


def answer(
    session: Session, world: World, ref: str, number: int = 2, now: datetime = CLOSED + DAY, **given: Any
) -> Any:
    answers = given or {"brief": {"place": "Behind the library"}, "team": {"phone": "87017654321"}}
    done = actions.answer_correction(
        session, world.applicant(), ref, AnswerInput(number=number, answers=answers), now
    )
    session.flush()
    return done


def mails(session: Session, template: str) -> list[Mail]:
    return list(session.exec(select(Mail).where(Mail.template == template).order_by(col(Mail.id))))


def halves(session: Session, ref: str, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    columns: Any = (Packet.data, Identity.data)
    blind, identity = session.exec(
        select(*columns)
        .join(Sending, col(Sending.id) == col(Packet.sending_id))
        .join(Identity, col(Identity.sending_id) == col(Sending.id))
        .join(Application, col(Application.id) == col(Sending.application_id))
        .where(Application.ref == ref, Sending.number == number)
    ).one()
    return blind, identity


def test_an_answer_is_a_new_sending_in_which_only_the_named_answers_differ(
    session: Session, world: World
) -> None:
    ref = begin_write_send(session, world.applicant())
    session.flush()
    before = halves(session, ref, 1)
    ask(session, world, ref)
    asked = own_correction(session, world.applicant(), ref, CLOSED)
    assert (asked.state, asked.question, asked.answerable) == (CorrectionState.OPEN, WHY, True)
    assert asked.fields == ["team.phone", "brief.summary", "brief.place"]  # in the order of the form
    assert set(asked.current) == {"team", "brief"}
    # Five working days from Wednesday evening, until 18:00 in Almaty.
    assert asked.due_at == datetime(2026, 3, 25, 13, tzinfo=UTC)
    first = session.exec(select(Packet)).one()
    first.files = [{"number": 1, "sha256": "of the plan"}]
    session.add(first)
    session.flush()
    sent = answer(session, world, ref)
    assert answer(session, world, ref) == sent, "a second press is the same sending"
    assert sent.sha256 == fingerprint(*halves(session, ref, 2), [{"number": 1, "sha256": "of the plan"}])

    assert halves(session, ref, 1) == before, "what was sent first is kept as it was"
    blind, identity = halves(session, ref, 2)
    changed = {**before[0], "brief": {**before[0]["brief"], "place": "Behind the library"}}
    assert blind == changed
    assert identity["team"]["phone"] == "+77017654321"
    assert {**identity, "team": 0} == {**before[1], "team": 0}
    row = session.exec(select(Application).where(Application.ref == ref)).one()
    session.refresh(row)
    assert (row.counts_number, row.status) == (2, Status.SENT)
    draft = session.get(Draft, (row.id, "brief"), populate_existing=True)
    assert draft is not None and draft.data["place"] == "Behind the library"
    moves = session.exec(select(History.move).where(History.application_id == row.id)).all()
    assert moves[-2:] == ["ask_correction", "correct"]
    acts = session.exec(select(AuditEntry.action).where(AuditEntry.subject == ref)).all()
    assert {"correction.ask", "correction.answer"} <= set(acts)

    mine = own_correction(session, world.applicant(), ref, CLOSED + DAY)
    assert (mine.state, mine.answered_number, mine.answerable) == (CorrectionState.ANSWERED, 2, False)
    assert mine.change is not None
    assert mine.change.before["team"] == {"phone": "+77012345678"}
    assert mine.change.after["team"] == {"phone": "+77017654321"}
    cora = world.coordinator()
    theirs = full_correction(session, cora, ref, CLOSED + DAY)
    assert theirs.change is not None and "team" not in theirs.change.after, "names are read by a logged look"
    assert read_change(session, cora, ref, CLOSED + DAY) == mine.change
    looks = session.exec(select(AuditEntry.subject).where(AuditEntry.action == "identity.read")).all()
    assert looks == [ref]
    assert [mail.params["number"] for mail in mails(session, "application_receipt")] == [1, 2]


def test_stakeholders_who_are_named_stay_whole_beside_another_answer_and_can_be_corrected(
    session: Session, world: World
) -> None:
    """A row of which reviewers get no name stands in both halves: it is one row wherever they meet."""
    one = {"kind": "ngo", "role": "permits", "state": "agreed", "gives": "A room", "name": "Aigul's club"}
    named = {**GRANT, "need": {**GRANT["need"], "stakeholders": [{"id": "s1", **one}]}}
    ref = begin_write_send(session, world.applicant(), named)
    ask(session, world, ref, fields=["need.evidence", "need.stakeholders"])
    current = own_correction(session, world.applicant(), ref, CLOSED).current["need"]["stakeholders"]
    assert current == [{"id": "s1", **one}]
    said = "We counted again, on two days: two hundred children."
    answer(session, world, ref, need={"evidence": said})
    blind, identity = halves(session, ref, 2)
    assert blind["need"]["evidence"] == said
    assert blind["need"]["stakeholders"] == [
        {key: value for key, value in {"id": "s1", **one}.items() if key != "name"}
    ]
    assert identity["need"]["stakeholders"] == [{"id": "s1", "name": "Aigul's club"}]

    again = CLOSED + DAY
    ask(session, world, ref, again, fields=["need.stakeholders"])
    unnamed = {"id": "s1", **one, "name": ""}
    answer(session, world, ref, 3, again, need={"stakeholders": [unnamed]})
    blind, identity = halves(session, ref, 3)
    assert "need" not in identity, "a name that was taken out does not come back"
    # What the coordinator sees without a look in the log is without names; with one it is whole.
    plain = full_correction(session, world.coordinator(), ref, again).change
    whole = read_change(session, world.coordinator(), ref, again)
    assert plain is not None and whole is not None
    assert plain.before["need"]["stakeholders"] == blind["need"]["stakeholders"]
    assert whole.before["need"]["stakeholders"] == [{"id": "s1", **one}]
    assert whole.after["need"]["stakeholders"][0].get("name", "") == ""


def test_only_what_was_asked_and_is_right_is_taken(session: Session, world: World) -> None:
    ref = begin_write_send(session, world.applicant())
    ask(session, world, ref)
    with pytest.raises(Invalid) as other:
        answer(session, world, ref, brief={"title": "Smuggled"}, need={"problem": "x"})
    assert set(other.value.fields) == {"brief.title", "need.problem", "need"}
    with pytest.raises(NotReady) as wrong:
        answer(session, world, ref, brief={"summary": ""}, team={"phone": "12"})
    assert set(wrong.value.fields) == {"brief.summary", "team.phone"}
    with pytest.raises(Stale):
        answer(session, world, ref, number=3)
    assert count_of(session, Sending) == 1
    with pytest.raises(NotFound):
        own_correction(session, world.applicant("ben"), ref, CLOSED)
    application = session.exec(select(Application).where(Application.ref == ref)).one()
    session.add(
        ApplicantRow(
            application_id=key(application),
            person_id=key(world.people["ben"]),
            role=TeamRole.READER,
            joined_at=NOW,
        )
    )
    session.flush()
    with pytest.raises(ReadOnly):
        actions.answer_correction(
            session, world.applicant("ben"), ref, AnswerInput(number=2, answers={}), CLOSED
        )


def test_a_change_that_breaks_what_is_not_open_is_refused_with_its_place(
    session: Session, world: World
) -> None:
    ref = begin_write_send(session, world.applicant())
    ask(session, world, ref, fields=["work_plan.activities", "work_plan.ends"])
    plan = GRANT["work_plan"]["activities"]
    with pytest.raises(NotReady) as broken:
        answer(session, world, ref, work_plan={"activities": [{**plan[0], "id": "z9"}, plan[1]]})
    # A line of the budget and a milestone name the activity that went.
    assert any(name.startswith("budget.lines.") for name in broken.value.fields)
    assert any(name.startswith("work_plan.milestones.") for name in broken.value.fields)


def test_late_is_refused_until_more_time_is_given(session: Session, world: World) -> None:
    ref, cora = begin_write_send(session, world.applicant()), world.coordinator()
    ask(session, world, ref, due_on=date(2026, 3, 20))
    due = datetime(2026, 3, 20, 13, tzinfo=UTC)
    with pytest.raises(CorrectionOverdue):
        answer(session, world, ref, now=due)
    assert own_correction(session, world.applicant(), ref, due).state is CorrectionState.OVERDUE
    assert count_awaited(session, cora.call_id, due - DAY) == (1, 0)
    assert count_awaited(session, cora.call_id, due) == (0, 1)
    with pytest.raises(Invalid):
        extend_correction(session, cora, ref, DueInput(due_on=date(2026, 3, 20)), 1, due)
    with pytest.raises(Stale):
        extend_correction(session, cora, ref, DueInput(due_on=date(2026, 3, 24)), 7, due)
    extend_correction(session, cora, ref, DueInput(due_on=date(2026, 3, 24)), 1, due)
    session.flush()
    assert answer(session, world, ref, now=due + DAY).number == 2
    # Asked, and asked with a new date; a reminder one day before each.
    assert len(mails(session, "correction_asked")) == 2
    reminders = [mail.not_before for mail in mails(session, "correction_soon")]
    assert reminders == [due - DAY, datetime(2026, 3, 23, 13, tzinfo=UTC)]
    with pytest.raises(NothingAsked):
        close_correction(session, cora, ref, 3, due + DAY)


def test_one_request_at_a_time_and_closing_it(session: Session, world: World) -> None:
    ref, cora = begin_write_send(session, world.applicant()), world.coordinator()
    ask(session, world, ref)
    with pytest.raises(CorrectionOpen):
        ask(session, world, ref)
    close_correction(session, cora, ref, 1, CLOSED)
    session.flush()
    with pytest.raises(CorrectionClosed):
        answer(session, world, ref)
    ask(session, world, ref, now=CLOSED + DAY)
    states = [line.state for line in full_corrections(session, cora, CLOSED + DAY)]
    assert states == [CorrectionState.OPEN, CorrectionState.CLOSED]


def test_what_can_be_asked(session: Session, world: World) -> None:
    ref = begin_write_send(session, world.applicant())
    for wrong in (
        {"fields": ["brief.nothing"]},
        {"fields": ["brief.complete"]},
        {"question": "           "},
        {"due_on": date(2026, 3, 17)},
        {"due_on": date(2026, 9, 1)},
    ):
        with pytest.raises(Invalid):
            ask(session, world, ref, **wrong)
    with pytest.raises(NotFound):
        ask(session, world, "WA26-NOTHING")


def test_while_the_team_changes_it_anyway_sending_again_is_the_answer(session: Session, world: World) -> None:
    ada, now = world.applicant(), NOW + DAY
    ref = begin_write_send(session, ada)
    ask(session, world, ref, now=NOW)
    actions.take_back(session, ada, ref, now)
    session.flush()
    with pytest.raises(CorrectionTakenBack):
        answer(session, world, ref, now=now)
    assert own_correction(session, ada, ref, now).taken_back
    send(session, ada, ref, number=2, now=now)
    session.flush()
    mine = own_correction(session, ada, ref, now)
    assert (mine.state, mine.answered_number) == (CorrectionState.ANSWERED, 2)
    # Taken back and never sent again: what was sent last is what is corrected, once the call has closed.
    actions.take_back(session, ada, ref, now)
    with pytest.raises(CorrectionTakenBack):
        ask(session, world, ref, now=now)
    write_title(session, world, ref, now)
    ask(session, world, ref, now=CLOSED)
    answer(session, world, ref, number=3)
    blind, _ = halves(session, ref, 3)
    assert (blind["brief"]["title"], blind["brief"]["place"]) == (
        GRANT["brief"]["title"],
        "Behind the library",
    )
    draft = session.exec(select(Draft).where(Draft.section == "brief")).one()
    assert draft.data["title"] == "Never sent", "what was typed and not sent is left alone"


def write_title(session: Session, world: World, ref: str, now: datetime) -> None:
    draft = session.exec(select(Draft).where(Draft.section == "brief")).one()
    session.refresh(draft)
    actions.save_section(
        session, world.applicant(), ref, "brief", {"title": "Never sent"}, version=draft.version, now=now
    )


def test_reviewing_waits_for_those_who_have_time_and_closes_what_is_overdue(
    session: Session, world: World
) -> None:
    ref, cora = begin_write_send(session, world.applicant()), world.coordinator()
    ask(session, world, ref)
    with pytest.raises(CorrectionsAwaited) as awaited:
        open_reviewing(session, cora, CLOSED + DAY)
    assert awaited.value.params == {"count": 1}
    clear_rows(session)
    later = CLOSED + 30 * DAY
    open_reviewing(session, cora, later)
    session.flush()
    session.expire_all()
    assert own_correction(session, world.applicant(), ref, later).state is CorrectionState.CLOSED
    with pytest.raises(CorrectionClosed):
        answer(session, world, ref, now=later)
    with pytest.raises(CorrectionTooLate):
        ask(session, world, ref, now=later)


def test_withdrawing_ends_the_request(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin_write_send(session, ada)
    ask(session, world, ref)
    actions.withdraw_application(session, ada, ref, CLOSED)
    session.flush()
    session.expire_all()
    assert own_correction(session, ada, ref, CLOSED).state is CorrectionState.CLOSED
    assert count_awaited(session, world.coordinator().call_id, CLOSED) == (0, 0)


def test_the_whole_team_hears_what_the_team_did(session: Session, world: World) -> None:
    ada = world.applicant()
    ref = begin_write_send(session, ada)
    application = session.exec(select(Application).where(Application.ref == ref)).one()
    session.add(
        ApplicantRow(
            application_id=key(application),
            person_id=key(world.people["ben"]),
            role=TeamRole.EDITOR,
            joined_at=NOW,
        )
    )
    session.flush()
    for number in (2, 3):
        actions.take_back(session, ada, ref, NOW)
        session.expire_all()
        send(session, ada, ref, number=number)
        session.expire_all()
    actions.withdraw_application(session, ada, ref, NOW)
    team = sorted([key(world.people["ada"]), key(world.people["ben"])])
    for template, times in (("application_taken_back", 2), ("application_withdrawn", 1)):
        assert sorted(mail.person_id or 0 for mail in mails(session, template)) == sorted(team * times)


def save(
    session: Session, world: World, ref: str, version: int, now: datetime = CLOSED + DAY, **given: Any
) -> int:
    saved = actions.save_correction(session, world.applicant(), ref, given, version=version, now=now)
    session.flush()
    return saved.version


def test_what_is_typed_is_kept_until_it_is_sent_or_carried_into_the_draft(
    session: Session, world: World
) -> None:
    ref = begin_write_send(session, world.applicant())
    session.flush()
    before = halves(session, ref, 1)
    ask(session, world, ref)
    own = own_correction(session, world.applicant(), ref, CLOSED)
    assert (own.version, own.saved_at) == (1, None)
    assert own.typed["team"] == {"phone": "+77012345678"}
    assert save(session, world, ref, 1, brief={"place": ""}, team={"phone": "12"}) == 2, "valid or not"
    assert save(session, world, ref, 2, brief={"place": ""}) == 2, "the same again is no new version"
    with pytest.raises(Invalid):
        save(session, world, ref, 2, brief={"title": "Smuggled"})
    with pytest.raises(Stale) as stale:
        save(session, world, ref, 1, team={"phone": "13"})
    assert stale.value.version == 2
    assert save(session, world, ref, 1, brief={"summary": "Another one"}) == 3, (
        "nobody changed that meanwhile"
    )
    own = own_correction(session, world.applicant(), ref, CLOSED + DAY)
    assert own.typed == {"team": {"phone": "12"}, "brief": {"summary": "Another one", "place": ""}}
    assert halves(session, ref, 1) == before and count_of(session, Sending) == 1

    with pytest.raises(Stale):
        actions.answer_correction(
            session,
            world.applicant(),
            ref,
            AnswerInput(number=2, version=2, answers={"brief": {"summary": "A third"}}),
            CLOSED + DAY,
        )
    with pytest.raises(NotReady):
        actions.answer_correction(
            session,
            world.applicant(),
            ref,
            AnswerInput(number=2, version=3, answers={"team": {"phone": "123"}}),
            CLOSED + DAY,
        )
    kept = own_correction(session, world.applicant(), ref, CLOSED + DAY)
    assert (kept.version, kept.typed["team"]) == (4, {"phone": "123"}), "what cannot be sent is kept"
    for version in range(4, 60):
        save(session, world, ref, version, brief={"place": f"Place {version}"})
    assert count_of(session, CorrectionDraft) == 50
    answer(session, world, ref)
    assert count_of(session, CorrectionDraft) == 0, "it is sent: nothing waits any more"


def test_taking_it_back_takes_along_what_was_typed(session: Session, world: World) -> None:
    ref = begin_write_send(session, world.applicant())
    ask(session, world, ref, now=NOW)
    save(session, world, ref, 1, NOW, brief={"place": "By the lake"})
    actions.take_back(session, world.applicant(), ref, NOW)
    session.flush()
    row = session.exec(select(Application).where(Application.ref == ref)).one()
    draft = session.get(Draft, (row.id, "brief"), populate_existing=True)
    assert draft is not None and draft.data["place"] == "By the lake"
    assert count_of(session, CorrectionDraft) == 0
    with pytest.raises(CorrectionTakenBack):
        save(session, world, ref, 1, NOW, brief={"place": "x"})
