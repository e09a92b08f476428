"""What each mail says, and what it must not say to its recipient."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import Engine
from sqlmodel import col, select

from app.accounts.mailbox import File, KeptMail, attached_file, newest_mail
from app.applications.copies import sent_in_words
from app.database import session_on
from app.decisions.reserve import give_back_own, own_award
from app.documents import press
from app.documents.sender import Sender
from app.jobs.receipts import receipt_file
from app.jobs.rendering import Letter
from app.jobs.transport import message_of
from app.jobs.worker import send_due
from app.messages.copies import copy_in_words
from app.models.applications import Status
from app.models.decisions import PublishedResult
from app.models.outbox import Mail, MailState
from app.models.people import Person
from app.outbox.enqueue import enqueue
from app.settings import Settings
from tests.applications.typed import GRANT
from tests.conftest import Client
from tests.decisions.scored import refs_of
from tests.decisions.test_meeting import second
from tests.decisions.test_reserve import WHY, back, published, up
from tests.documents.opened import text_of
from tests.documents.test_own_copy import kept as kept_copy
from tests.documents.test_own_copy import large_copy
from tests.factories import (
    OWN_WORD,
    REVIEWING,
    make_assignment,
    make_review,
    make_sent_application,
    open_reviewing_rows,
)
from tests.journeys.long_answers import long_answers
from tests.world import NOW, World

SOON = REVIEWING + timedelta(days=60)


def mails(engine: Engine, settings: Settings) -> list[KeptMail]:
    send_due(engine, settings, SOON)
    with session_on(engine, reading=True) as session, session.begin():
        return newest_mail(session)


def files(engine: Engine, mail: KeptMail) -> list[File]:
    with session_on(engine, reading=True) as session, session.begin():
        return [attached_file(session, each.code) for each in mail.attachments]


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
    (file,) = files(engine, mail)
    assert (file.name, file.media_type) == (f"{ref}-1.pdf", "application/pdf")
    read = text_of(file.content)
    assert OWN_WORD in read and "Yard garden" in read and f"{ref}/1" in read
    assert "All of it is attached as a PDF" in mail.body


def test_receipt_carries_the_whole_pdf_of_the_fullest_proposal_and_stays_small_when_it_is_short(
    engine: Engine, settings: Settings, world: World
) -> None:
    """As it travels, in base64. What is too large for a mail is a link, and the receipt alone is attached."""
    with session_on(engine) as session, session.begin():
        sent = make_sent_application(session, world, "ada", title="Yard garden")
        enqueue(
            session, "application_receipt", dedupe_key="r", now=NOW, person_id=world.people["ada"].id,
            params={"ref": sent.ref, "number": 1},
        )  # fmt: skip
    (kept,) = mails(engine, settings)
    letter = Letter(kept.subject, kept.body, tuple(files(engine, kept)))
    message = message_of(settings, 1, kept.recipient, letter)
    assert len(message.as_bytes()) <= 100_000
    (part,) = message.iter_attachments()
    assert part.get_content_type() == "application/pdf"
    assert part.get_content() == letter.files[0].content

    sender = Sender("WeAlmaty", "", False, "", "")
    copy = sent_in_words("en", large_copy())
    attached = receipt_file(copy, sender, len(copy_in_words(copy).encode()))
    assert attached is not None and attached.whole and len(attached.file.content) > 75_000
    full = sent_in_words("kk", kept_copy({code: long_answers(code) for code in GRANT}))
    attached = receipt_file(full, sender, len(copy_in_words(full).encode()))
    assert attached is not None and attached.whole and len(attached.file.content) > 90_000
    attached = receipt_file(copy, sender, 1_000_000)
    assert attached is not None and not attached.whole
    assert len(PdfReader(BytesIO(attached.file.content)).pages) == 1
    assert len(attached.file.content) < 40_000


def test_receipt_leaves_without_its_pdf_when_none_can_be_made(
    engine: Engine, settings: Settings, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The mail is the proof; the copy in words is in it, and the PDF a link away."""
    monkeypatch.setattr(press, "TYPESETTER", tmp_path / "none.py")
    with session_on(engine) as session, session.begin():
        sent = make_sent_application(session, world, "ada", title="Yard garden")
        enqueue(
            session, "application_receipt", dedupe_key="r", now=NOW, person_id=world.people["ada"].id,
            params={"ref": sent.ref, "number": 1},
        )  # fmt: skip
        ref = sent.ref
    (mail,) = mails(engine, settings)
    assert mail.attachments == [] and OWN_WORD in mail.body
    assert f"http://testserver/en/apply/{ref}/sent/1/copy.pdf" in mail.body


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
        make_review(session, world, make_assignment(session, world, sent, "rita"))
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


def test_whoever_stands_by_gives_back_or_comes_up_is_told_so(
    engine: Engine, settings: Settings, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        codes = published(session, world)
        back(session, world, codes[0])
        assert up(session, world) == codes[3]
    sent = mails(engine, settings)
    promoted = next(each for each in sent if each.subject.startswith("Your application gets an award"))
    assert "Idea 4" in promoted.body and "€5,000" in promoted.body
    returned = next(each for each in sent if each.subject.startswith("The award was given back"))
    assert "Idea 1" in returned.body
    results = [each.body for each in sent if each.subject.startswith("The result")]
    # Of the two whose award changed no older letter says what is true no more.
    assert not any("Idea 1" in body or "Idea 4" in body for body in results)
    (fifth,) = [body for body in results if "Idea 5" in body]
    assert "It is on the reserve list. Its position: 1." in fifth, "of those who still wait"
    assert "The list is valid until:" in fifth
    (last,) = [body for body in results if "Idea 7" in body]
    assert "reserve list" not in last


def test_development_mailbox_offers_what_is_attached(
    client: Client, engine: Engine, settings: Settings, world: World
) -> None:
    with session_on(engine) as session, session.begin():
        sent = make_sent_application(session, world, "ada", title="Yard garden")
        enqueue(
            session, "application_receipt", dedupe_key="r", now=NOW, person_id=world.people["ada"].id,
            params={"ref": sent.ref, "number": 1},
        )  # fmt: skip
        ref = sent.ref
    (mail,) = mails(engine, settings)
    address = f"/en/mailbox/files/{mail.attachments[0].code}"
    assert f'<a href="{address}">{ref}-1.pdf</a>' in client().get("/en/mailbox").text
    answer = client().get(address)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content == files(engine, mail)[0].content
    assert client().get("/en/mailbox/files/%00").status_code == 404


def test_coordinators_hear_once_that_an_award_came_back(
    engine: Engine, settings: Settings, world: World
) -> None:
    """In their own language, and of no other application than the winner's; not whoever wrote it down."""
    with session_on(engine) as session, session.begin():
        codes = published(session, world)
        max_ = second(session, world)
        session.get_one(Person, max_.person_id).language = "ru"
        ada, ref = world.applicant("ada"), refs_of(session)["Idea 2"]
        give_back_own(session, ada, ref, own_award(session, ada, ref, REVIEWING).version, WHY, REVIEWING)
        back(session, world, codes[2])
    told = sent_now(engine, settings)
    own = {each.recipient: each for each in told if codes[1] in each.subject}
    assert len(own) == 2
    english, russian = sorted(own.values(), key=lambda each: each.subject)
    assert english.subject == f"A winner has given an award back: {codes[1]} - Grants of the city"
    assert "€5,000" in english.body and "The next on the reserve list can come up" in english.body
    assert russian.subject.startswith(f"Победитель отказался от награды: {codes[1]}")
    both = english.body + russian.body
    assert not [code for code in codes if code != codes[1] and code in both]
    assert "Idea" not in both and WHY.reason not in both
    # Cora wrote the other one down herself.
    assert [each.recipient for each in told if codes[2] in each.subject] == [russian.recipient]


def sent_now(engine: Engine, settings: Settings) -> list[KeptMail]:
    send_due(engine, settings, REVIEWING)
    with session_on(engine, reading=True) as session, session.begin():
        return newest_mail(session)
