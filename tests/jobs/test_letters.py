"""What each mail says, and what it must not say to its recipient."""

from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import col, select

from app.accounts.mailbox import KeptMail, newest_mail
from app.database import session_on
from app.jobs.worker import send_due
from app.models.applications import Status
from app.models.decisions import PublishedResult
from app.models.outbox import Mail, MailState
from app.outbox.enqueue import enqueue
from app.settings import Settings
from tests.factories import OWN_WORD, REVIEWING, make_assignment, make_sent_application, open_reviewing_rows
from tests.world import NOW, World

SOON = REVIEWING + timedelta(days=60)


def mails(engine: Engine, settings: Settings) -> list[KeptMail]:
    send_due(engine, settings, SOON)
    with session_on(engine, reading=True) as session, session.begin():
        return newest_mail(session)


def mail_states(engine: Engine) -> list[MailState]:
    with session_on(engine, reading=True) as session, session.begin():
        return list(session.exec(select(col(Mail.state))))


def test_receipt_holds_a_full_copy_for_its_owner(engine: Engine, settings: Settings, world: World) -> None:
    with session_on(engine) as session, session.begin():
        sent = make_sent_application(session, world, "ada", title="Yard garden")
        enqueue(
            session, "application_receipt", dedupe_key="r", now=NOW, person_id=world.people["ada"].id,
            params={"ref": sent.ref, "number": 1},
        )  # fmt: skip
        ref = sent.ref
    (mail,) = mails(engine, settings)
    assert mail.recipient == "ada.canary@example.org"
    assert mail.subject.startswith(f"Received: {ref}/1")
    assert OWN_WORD in mail.body
    assert "Yard garden" in mail.body
    assert f"http://testserver/en/my/{ref}" in mail.body


def test_receipt_never_goes_to_a_stranger(engine: Engine, settings: Settings, world: World) -> None:
    with session_on(engine) as session, session.begin():
        sent = make_sent_application(session, world, "ada", title="Yard garden")
        enqueue(
            session, "application_receipt", dedupe_key="r", now=NOW, person_id=world.people["ben"].id,
            params={"ref": sent.ref, "number": 1},
        )  # fmt: skip
    assert mails(engine, settings) == []
    assert mail_states(engine) == [MailState.CANCELLED]


def test_notice_counts_what_waits_and_names_no_application(
    engine: Engine, settings: Settings, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        for name in ("ada", "ben"):
            sent = make_sent_application(session, world, name, title=f"Garden of {name}")
            make_assignment(session, world, sent, "rita")
        open_reviewing_rows(session, world)
        for name in ("rita", "rolf"):
            enqueue(
                session, "assignments_ready", dedupe_key=name, now=NOW, person_id=world.people[name].id,
                params={"call": "2026"},
            )  # fmt: skip
    (mail,) = mails(engine, settings)
    assert mail.recipient == "rita.canary@example.org"
    assert mail.subject.startswith("Applications to score: 2")
    assert "http://testserver/en/review/2026" in mail.body
    for secret in ("Garden of", OWN_WORD, "Canaryname Ada", "ada.canary"):
        assert secret not in mail.body
    assert sorted(mail_states(engine)) == [MailState.CANCELLED, MailState.SENT]


def test_result_is_not_sent_before_publication(engine: Engine, settings: Settings, world: World) -> None:
    with session_on(engine) as session, session.begin():
        sent = make_sent_application(session, world, "ada", title="Yard garden")
        sent.status = Status.NOT_SELECTED
        session.add(sent)
        enqueue(
            session,
            "result",
            dedupe_key="x",
            now=NOW,
            person_id=world.people["ada"].id,
            params={"ref": sent.ref},
        )
    assert mails(engine, settings) == []
    assert mail_states(engine) == [MailState.CANCELLED]


def test_result_after_publication_says_what_was_decided(
    engine: Engine, settings: Settings, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        sent = make_sent_application(session, world, "ada", title="Yard garden")
        sent.status = Status.NOT_SELECTED
        world.call.published_at = REVIEWING
        session.add(sent)
        session.merge(world.call)
        enqueue(
            session,
            "result",
            dedupe_key="x",
            now=NOW,
            person_id=world.people["ada"].id,
            params={"ref": sent.ref},
        )
        ref = sent.ref
    (mail,) = mails(engine, settings)
    assert "was not selected this time" in mail.body
    assert "http://testserver/en/calls/2026/results" in mail.body
    assert f"http://testserver/en/my/{ref}/result" in mail.body


def test_result_of_a_revealed_winner_waits_for_all_results(
    engine: Engine, settings: Settings, world: World
) -> None:
    """A letter that was queued too early is not sent, though its reader's page says already that it won."""
    with session_on(engine) as session, session.begin():
        sent = make_sent_application(session, world, "ada", title="Yard garden", status=Status.IN_REVIEW)
        session.add(
            PublishedResult(
                call_id=world.call.id or 0, round_id=world.round.id or 0, application_id=sent.id or 0,
                slug="garden", position=1, title="Yard garden", districts=[], language="en",
                published_at=REVIEWING,
            )
        )  # fmt: skip
        enqueue(
            session, "result", dedupe_key="x", now=NOW, person_id=world.people["ada"].id,
            params={"ref": sent.ref},
        )  # fmt: skip
    assert mails(engine, settings) == []
    assert mail_states(engine) == [MailState.CANCELLED]
