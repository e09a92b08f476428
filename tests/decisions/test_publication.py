"""Publishing by two persons, letters that wait, what a refusal must carry, and errors pointed out."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select, update

from app.accounts.actors import Applicant, Coordinator
from app.calls.ledger import public_ledger
from app.database import session_on
from app.decisions.announce import publish
from app.decisions.awards import draw_line
from app.decisions.decide import decide
from app.decisions.factual import (
    FactualAnswerInput,
    FactualInput,
    answer_note,
    notes_of_call,
    own_notes,
    write_note,
)
from app.decisions.feedback import Band, band_of
from app.decisions.held import call_of, decision_version
from app.decisions.lacking import count_lacking
from app.decisions.letters_out import (
    CHANGED,
    STOPPED,
    Letters,
    Saying,
    letters,
    send_letters_now,
    stop_letters,
)
from app.decisions.lines import LineInput, drop_line, fill_from_scale, lacking_lines, save_line, worded
from app.decisions.outcome import own_result
from app.decisions.publication import ask_publication, confirm_publication, drop_publication, publishing
from app.decisions.refusals import (
    AlreadyPublished,
    FactualAnswered,
    FactualClosed,
    FactualWaits,
    LettersGone,
    PublicationAsked,
    PublicationNotAsked,
    PublicationSecondPerson,
)
from app.decisions.reserve import ReturnInput, give_back
from app.decisions.samples import samples
from app.errors import Invalid, NotFound, Stale
from app.jobs.worker import send_due
from app.models.applications import Application
from app.models.audit import AuditEntry
from app.models.calls import Call
from app.models.decisions import Award, FactualOutcome, Publication, PublishedResult
from app.models.outbox import Mail, MailState
from app.models.people import DevelopmentMail
from app.models.reviews import ReviewScore
from app.privacy.copying import kept_data
from app.settings import Settings
from tests.decisions.scored import ranked_call, refs_of
from tests.decisions.test_announce import codes as decided_codes  # noqa: F401
from tests.decisions.test_sealing import ALONE, second_coordinator
from tests.factories import KNOWN, REVIEWING, count_of
from tests.world import World, key

LATER = REVIEWING + timedelta(days=40)
HOLD = timedelta(minutes=15)
USEFUL = "Say who waters the garden in August, and how."


@pytest.fixture
def codes(decided_codes: list[str]) -> list[str]:  # noqa: F811
    """Eight applications of Ada's, six awarded and frozen."""
    return decided_codes


def version(session: Session, world: World) -> int:
    session.flush()
    session.expire_all()
    return decision_version(session, call_of(session, world.coordinator()))


def published(session: Session, world: World, hold: timedelta = HOLD) -> None:
    assert ask_publication(session, world.coordinator(), version(session, world), ALONE, LATER, hold)
    session.flush()


def states(session: Session) -> Sequence[str]:
    session.expire_all()
    return session.exec(select(Mail.state).where(Mail.template == "result").order_by(col(Mail.id))).all()


def test_two_persons_find_the_same_counts(session: Session, world: World, codes: list[str]) -> None:
    cora, zoe = world.coordinator(), second_coordinator(session, world)
    seen = version(session, world)
    with pytest.raises(PublicationNotAsked):
        confirm_publication(session, zoe, seen, LATER)
    assert not ask_publication(session, cora, seen, "", LATER)
    with pytest.raises(PublicationAsked):
        ask_publication(session, zoe, seen, "", LATER)
    with pytest.raises(PublicationSecondPerson):
        confirm_publication(session, cora, seen, LATER)
    assert count_of(session, PublishedResult) == count_of(session, Mail, Mail.template == "result") == 0
    drop_publication(session, zoe, LATER)
    assert publishing(session, cora, LATER).asked is None
    assert not ask_publication(session, cora, seen, "", LATER)
    # One application more than was counted: what the second person would confirm is something else.
    session.execute(update(Publication).values(counts={"winners": 5}))
    session.expire_all()
    with pytest.raises(Stale):
        confirm_publication(session, zoe, seen, LATER)
    drop_publication(session, zoe, LATER)
    ask_publication(session, zoe, seen, "", LATER)
    confirm_publication(session, cora, seen, LATER, HOLD)
    for again in (
        lambda: confirm_publication(session, cora, seen, LATER),
        lambda: ask_publication(session, zoe, seen, "", LATER),
    ):
        with pytest.raises(AlreadyPublished):
            again()
    row = session.exec(select(Publication).where(col(Publication.confirmed_at).is_not(None))).one()
    assert (row.asked_by, row.confirmed_by, row.letters_from) == (zoe.person_id, cora.person_id, LATER + HOLD)
    assert count_of(session, PublishedResult) == 6
    assert count_of(session, Mail, Mail.template == "result") == 8


def test_who_is_alone_publishes_with_a_reason_that_the_ledger_tells(
    session: Session, world: World, codes: list[str]
) -> None:
    with pytest.raises(Invalid):
        ask_publication(session, world.coordinator(), version(session, world), "", LATER)
    published(session, world)
    told = {each.act: each.reason for each in public_ledger(session, world.call.slug).entries}
    assert told["ledger.published_alone"] == ALONE


def test_letters_wait_can_be_stopped_and_leave_once(engine: Engine, settings: Settings, world: World) -> None:
    with session_on(engine) as session, session.begin():
        ranked_call(session, world)
        _decide(session, world)
    send_due(engine, settings, LATER)  # what was written before
    with session_on(engine) as session, session.begin():
        published(session, world)
    assert send_due(engine, settings, LATER + HOLD - timedelta(seconds=1)) == 0
    with session_on(engine) as session, session.begin():
        shown = letters(session, world.coordinator(), LATER)
        assert (shown.waiting, shown.held, shown.leave_at) == (8, 8, LATER + HOLD)
        assert stop_letters(session, world.coordinator(), LATER) == 8
        with pytest.raises(LettersGone):
            stop_letters(session, world.coordinator(), LATER)
    assert send_due(engine, settings, LATER + 10 * HOLD) == 0
    with session_on(engine) as session, session.begin():
        assert letters(session, world.coordinator(), LATER).stopped == 8
        assert send_letters_now(session, world.coordinator(), LATER) == 8
    assert send_due(engine, settings, LATER) == 8
    with session_on(engine) as session, session.begin():
        with pytest.raises(LettersGone):
            send_letters_now(session, world.coordinator(), LATER)
        shown = letters(session, world.coordinator(), LATER)
        assert (shown.sent, shown.waiting, {each.at for each in shown.lines}) == (8, 0, {LATER})
        ours = col(DevelopmentMail.subject).startswith("The result")
        mails = session.exec(select(DevelopmentMail).where(ours)).all()
        assert [each.recipient for each in mails] == ["ada.canary@example.org"] * 8
    assert send_due(engine, settings, LATER + HOLD) == 0


def _decide(session: Session, world: World) -> None:
    draw_line(session, world.coordinator(), world.round.code, REVIEWING)
    decide(session, world.coordinator(), version(session, world), REVIEWING, KNOWN)
    session.flush()


def test_changing_a_decision_withdraws_its_letter(session: Session, world: World, codes: list[str]) -> None:
    published(session, world)
    award = session.exec(
        select(Award.version)
        .join(Application, col(Application.id) == Award.application_id)
        .where(Application.code == codes[0])
    ).one()
    give_back(session, world.coordinator(), codes[0], award, ReturnInput(reason="They move away."), LATER)
    session.flush()
    shown = letters(session, world.coordinator(), LATER)
    assert (shown.waiting, shown.withdrawn) == (8, 1)
    ref = session.exec(select(Application.ref).where(Application.code == codes[0])).one()
    assert said_of(shown, ref) == [
        (Saying.AWARDED, MailState.CANCELLED, CHANGED), (Saying.RETURNED, MailState.QUEUED, ""),
    ]  # fmt: skip


def said_of(shown: Letters, ref: str) -> list[tuple[Saying, MailState, str]]:
    return [(each.says, each.state, each.why) for each in shown.lines if each.ref == ref]


def test_what_changes_while_letters_are_held_or_stopped_waits_with_them(
    session: Session, world: World, codes: list[str]
) -> None:
    """A letter of before that was stopped never leaves; the one that says what happened overtakes nobody."""
    published(session, world)
    cora = world.coordinator()
    version = dict(
        session.exec(
            select(Application.code, Award.version).where(Award.application_id == col(Application.id))
        ).all()
    )
    refs = dict(session.exec(select(Application.code, Application.ref)).all())
    held = letters(session, cora, LATER).leave_at
    assert held and held > LATER
    give_back(session, cora, codes[0], version[codes[0]], ReturnInput(reason="They move away."), LATER)
    session.flush()
    waiting = [each for each in letters(session, cora, LATER).lines if each.says is Saying.RETURNED]
    assert [each.at for each in waiting] == [held]
    stop_letters(session, cora, LATER)
    give_back(session, cora, codes[1], version[codes[1]], ReturnInput(reason="They move away too."), LATER)
    session.flush()
    shown = letters(session, cora, LATER)
    assert (shown.waiting, shown.stopped, shown.withdrawn) == (0, 8, 2)
    for code in codes[:2]:
        assert said_of(shown, refs[code]) == [
            (Saying.AWARDED, MailState.CANCELLED, CHANGED), (Saying.RETURNED, MailState.CANCELLED, STOPPED),
        ]  # fmt: skip
    send_letters_now(session, cora, LATER)
    session.flush()
    shown = letters(session, cora, LATER)
    assert (shown.waiting, shown.stopped, shown.withdrawn) == (8, 0, 2)
    assert said_of(shown, refs[codes[0]])[1] == (Saying.RETURNED, MailState.QUEUED, "")


def test_a_refusal_does_not_leave_without_a_useful_line(
    engine: Engine, settings: Settings, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        codes = ranked_call(session, world)
        _decide(session, world)
        lost = codes[6]
        criterion = key(world.criteria["need"])
        session.execute(
            update(ReviewScore).where(col(ReviewScore.criterion_id) == criterion).values(reason="ok")
        )
        # Of the winners nothing lacks; of the other two one line each.
        assert count_lacking(session, key(world.call)) == (2, 2)
        assert [each.criteria for each in lacking_lines(session, world.coordinator())] == [["need"], ["need"]]
        shown = publishing(session, world.coordinator(), LATER)
        assert shown.announcement.lacking == 2
        published(session, world, timedelta(0))
    send_due(engine, settings, LATER)
    with session_on(engine) as session, session.begin():
        assert sorted(states(session)) == [MailState.QUEUED] * 2 + [MailState.SENT] * 6
        assert letters(session, world.coordinator(), LATER).lacking == 2
        cora = world.coordinator()
        with pytest.raises(NotFound):
            worded(session, cora, codes[0])
        given = LineInput(criterion="need", version=0, text=USEFUL)
        save_line(session, cora, lost, given, LATER)
        with pytest.raises(Stale):
            save_line(session, cora, lost, given, LATER)
        (need, *_) = worded(session, cora, lost).criteria
        assert (need.line, need.lacks, need.version) == (USEFUL, False, 1)
        assert fill_from_scale(session, cora, LATER) == 1
        assert count_lacking(session, key(world.call)) == (0, 0)
    send_due(engine, settings, LATER + timedelta(minutes=6))
    with session_on(engine) as session, session.begin():
        assert set(states(session)) == {MailState.SENT}
        bodies = session.exec(select(DevelopmentMail.body)).all()
        (body,) = [each for each in bodies if USEFUL in each]
        assert "Your total, of 100: 90.6" in body
        assert "The winners' total on average: 96.1" in body
        assert any("The published words for 5: need anchor 5" in each for each in bodies)
        won = [each for each in bodies if "Congratulations!" in each]
        totals = [re.findall(r"Your total, of 100: ([\d.]+)", each) for each in won]
        own = [own_result(session, world.applicant(), each).feedback for each in refs_of(session).values()]
        best = sorted((each.total for each in own if each), key=float)[2:]
        assert sorted((total for (total,) in totals), key=float) == best and len(best) == 6
        for each in won:
            assert "The winners' total on average: 96.1" in each
            assert "What the reviewers said about each criterion:" not in each
        ref = session.exec(select(Application.ref).where(Application.code == lost)).one()
        feedback = own_result(session, world.applicant(), ref).feedback
        assert feedback and [each.text for each in feedback.scores[0].reasons] == [USEFUL]
        drop_line(session, world.coordinator(), lost, "need", 1, LATER)
        assert lacking_lines(session, world.coordinator())[0].application == lost


def test_samples_are_the_letters_as_they_would_leave(
    session: Session, world: World, codes: list[str]
) -> None:
    winner, other = samples(session, world.coordinator(), LATER)
    assert (winner.kind, winner.outcome.amount_minor, winner.outcome.awarded) == ("winner", 500_000, True)
    assert (other.kind, other.outcome.amount_minor, other.name) == ("other", None, "Ada Canaryname")
    assert other.feedback and other.feedback.winners_total == "96.1"
    assert winner.feedback and winner.feedback.winners_total == "96.1"
    assert float(winner.feedback.total) > float(other.feedback.total)
    assert all(each.reasons for each in other.feedback.scores)


def test_the_winners_mean_of_a_small_group_is_kept(session: Session, world: World, codes: list[str]) -> None:
    """Six are enough to hide each other; of four whoever knows three could tell the fourth."""
    session.execute(update(Call).values(scores_published=False))
    publish(session, world.coordinator(), version(session, world), LATER)
    session.flush()
    ref = refs_of(session)["Idea 8"]

    def told() -> str:
        session.expire_all()
        feedback = own_result(session, world.applicant(), ref).feedback
        assert feedback
        return feedback.winners_total

    assert told() == "96.1"
    # Whoever comes up later changes nothing: the difference of two means would be their score.
    rows = session.exec(select(PublishedResult).order_by(col(PublishedResult.id))).all()
    for row in rows[:2]:
        row.promoted = True
        session.add(row)
    session.flush()
    assert told() == ""


@pytest.mark.parametrize(
    ("before", "ranked", "band"),
    [
        (0, 20, Band.FIRST_QUARTER), (5, 20, Band.SECOND_QUARTER), (19, 20, Band.LAST_QUARTER),
        (14, 20, Band.THIRD_QUARTER), (4, 10, Band.FIRST_HALF), (5, 10, Band.SECOND_HALF),
        (5, 19, Band.FIRST_HALF), (8, 9, None), (None, 100, None),
    ],
)  # fmt: skip
def test_a_band_and_never_a_rank(before: int | None, ranked: int, band: Band | None) -> None:
    assert band_of(before, ranked) == band


def test_an_error_is_pointed_out_answered_once_and_counted(
    session: Session, world: World, codes: list[str]
) -> None:
    ada, ben, ref = world.applicant(), world.applicant("ben"), refs_of(session)["Idea 8"]
    said = FactualInput(text="You say that there is no letter of the school: see page 3.")
    reply = FactualAnswerInput(
        outcome=FactualOutcome.CORRECTED, answer="You are right, and the record says so."
    )

    def point_out(who: Applicant, at: datetime) -> str:
        return write_note(session, who, ref, said, 10, at)

    with pytest.raises(FactualClosed):
        point_out(ada, LATER)
    publish(session, world.coordinator(), version(session, world), LATER)
    session.flush()
    with pytest.raises(NotFound):
        point_out(ben, LATER)
    code = point_out(ada, LATER)
    with pytest.raises(FactualWaits):
        point_out(ada, LATER)
    ledger = public_ledger(session, world.call.slug)
    assert (ledger.errors_noted, ledger.errors_answered) == (1, 0)
    stranger = Coordinator(world.coordinator().person_id, 10**6)
    with pytest.raises(NotFound):
        answer_note(session, stranger, code, reply, LATER)
    (note,) = notes_of_call(session, world.coordinator())
    assert (note.ref, note.application, note.text) == (ref, codes[7], said.text)
    answer_note(session, world.coordinator(), code, reply, LATER)
    with pytest.raises(FactualAnswered):
        answer_note(session, world.coordinator(), code, reply, LATER)
    (own,) = own_notes(session, ada, ref).notes
    assert (own.outcome, own.answer) == (FactualOutcome.CORRECTED, reply.answer)
    ledger = public_ledger(session, world.call.slug)
    assert (ledger.errors_noted, ledger.errors_answered, ledger.errors_corrected) == (1, 1, 1)
    assert ref not in ledger.model_dump_json() and codes[7] not in ledger.model_dump_json()
    assert count_of(session, Mail, Mail.template == "factual_answered") == 1
    # Both sides are in the copy of one's own data.
    kept = {each.application.ref: each.factual for each in kept_data(session, ada, LATER).applications}
    assert [each for notes in kept.values() for each in notes] == own_notes(session, ada, ref).notes
    assert [(each.outcome, bool(each.answer)) for each in kept[ref]] == [(FactualOutcome.CORRECTED, True)]
    public = session.exec(select(AuditEntry).where(AuditEntry.action == "ledger.error_answered")).one()
    assert (public.subject, public.detail) == ("", {"outcome": "corrected"})
    point_out(ada, LATER + timedelta(days=9))
    with pytest.raises(FactualClosed):
        point_out(ada, LATER + timedelta(days=10))
