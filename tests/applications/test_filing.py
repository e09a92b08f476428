"""Files of a draft at the actions: room, order, undo, and that what was sent stays as it was."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.applications import actions
from app.applications.actions.filing import (
    DOWN,
    UP,
    add_file,
    bring_back,
    change_title,
    check_room,
    file_name,
    move_file,
    remove_file,
)
from app.applications.actions.sending import NotReady, fingerprint
from app.applications.own import own_copy, own_files
from app.applications.own_files import own_file, texts_of
from app.applications.refusals import FileGone, FilesFull, NotADraft, TooLate, TooManyUploads
from app.errors import Invalid, NotFound, Stale
from app.files.store import LocalStore
from app.files.sweep import sweep
from app.models.applications import Application, Packet, Sending
from app.models.files import ApplicationFile, FileKind
from app.models.people import Identity, OriginalFile
from tests.applications.steps import begin, send, write
from tests.files.kept import cleaned
from tests.files.made import VISIBLE, marked_jpeg, marked_pdf
from tests.world import CLOSES, NOW, World

PICTURE, DOCUMENT = FileKind.PICTURE, FileKind.DOCUMENT


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "files")


@pytest.fixture
def ref(session: Session, world: World) -> str:
    return begin(session, world.applicant())


class Desk:
    """Ada at her draft."""

    def __init__(self, session: Session, store: LocalStore, world: World, ref: str) -> None:
        self.session, self.store, self.ada, self.ref = session, store, world.applicant(), ref

    def add(self, kind: FileKind, who: str, title: str = "A plan", replaces: str = "") -> str:
        data = marked_jpeg(who) if kind is PICTURE else marked_pdf(who)
        uploaded, made = cleaned(self.store, kind, data, f"{who}.pdf")
        return add_file(self.session, self.ada, self.ref, kind, title, uploaded, made, NOW, replaces=replaces)

    @property
    def titles(self) -> list[str]:
        self.session.flush()
        return [file.title for file in own_files(self.session, self.ada, self.ref, NOW).files]


@pytest.fixture
def desk(session: Session, store: LocalStore, world: World, ref: str) -> Desk:
    return Desk(session, store, world, ref)


def test_one_picture_and_three_documents_in_the_order_their_owner_wants(desk: Desk) -> None:
    codes = [desk.add(DOCUMENT, str(number), f"Plan {number}") for number in range(3)]
    desk.add(PICTURE, "p", "The yard")
    assert desk.titles == ["The yard", "Plan 0", "Plan 1", "Plan 2"]
    for kind in (PICTURE, DOCUMENT):
        with pytest.raises(FilesFull):
            desk.add(kind, "more")
        with pytest.raises(FilesFull):
            check_room(desk.session, desk.ada, desk.ref, kind, NOW)
    files = own_files(desk.session, desk.ada, desk.ref, NOW).files
    last = files[3]
    move_file(desk.session, desk.ada, desk.ref, last.code, UP, position=last.position, now=NOW)
    assert desk.titles == ["The yard", "Plan 0", "Plan 2", "Plan 1"]
    with pytest.raises(Stale):
        move_file(desk.session, desk.ada, desk.ref, last.code, UP, position=last.position, now=NOW)
    first = files[1]
    move_file(desk.session, desk.ada, desk.ref, first.code, UP, position=first.position, now=NOW)
    move_file(desk.session, desk.ada, desk.ref, first.code, DOWN, position=first.position, now=NOW)
    assert desk.titles == ["The yard", "Plan 2", "Plan 0", "Plan 1"]
    assert {own_file(desk.session, desk.ada, desk.ref, code).media_type for code in codes} == {
        "application/pdf"
    }


def test_the_same_bytes_again_are_the_same_file(desk: Desk) -> None:
    code = desk.add(DOCUMENT, "a", "First words")
    assert desk.add(DOCUMENT, "a", "") == code
    assert desk.titles == ["First words"]
    assert desk.add(DOCUMENT, "a", "Other words") == code
    assert desk.titles == ["Other words"]


def test_what_is_removed_or_replaced_comes_back_once_there_is_room(desk: Desk) -> None:
    session, ada, ref = desk.session, desk.ada, desk.ref
    first = desk.add(DOCUMENT, "a", "First")
    second = desk.add(DOCUMENT, "b", "Second")
    third = desk.add(DOCUMENT, "c", replaces=first, title="")
    assert desk.titles == ["First", "Second"], "a replacement takes the place and keeps the words"
    with pytest.raises(FileGone):
        desk.add(DOCUMENT, "d", replaces=first)
    bring_back(session, ada, ref, first, NOW)
    assert sorted(desk.titles) == ["First", "First", "Second"]
    remove_file(session, ada, ref, third, NOW)
    remove_file(session, ada, ref, second, NOW)
    session.flush()
    removed = own_files(session, ada, ref, NOW).removed
    assert removed is not None and removed.code == second
    with pytest.raises(NotFound):
        bring_back(session, ada, ref, third, NOW)  # forgotten: it was never sent
    bring_back(session, ada, ref, second, NOW)
    bring_back(session, ada, ref, second, NOW)
    assert sorted(desk.titles) == ["First", "Second"]
    with pytest.raises(FileGone):
        desk.add(PICTURE, "x", replaces=second)


def test_words_are_needed_to_send_and_never_overwritten_unseen(desk: Desk) -> None:
    session, ada, ref = desk.session, desk.ada, desk.ref
    code = desk.add(PICTURE, "p", "")
    write(session, ada, ref)
    with pytest.raises(NotReady) as refused:
        send(session, ada, ref)
    assert refused.value.fields == {f"files.{code}": ("file.untitled", {})}
    for words, problem in (("  ", "file.untitled"), ("x" * 251, "string_too_long")):
        with pytest.raises(Invalid) as wrong:
            change_title(session, ada, ref, code, words, version=1, now=NOW)
        assert wrong.value.fields["title"][0] == problem
    change_title(session, ada, ref, code, " Two\nbenches ", version=1, now=NOW)
    session.flush()
    with pytest.raises(Stale) as stale:
        change_title(session, ada, ref, code, "Three benches", version=1, now=NOW)
    assert stale.value.current == "Two benches"
    change_title(session, ada, ref, code, "Two benches", version=1, now=NOW)
    send(session, ada, ref)


def test_what_was_sent_stays_whatever_becomes_of_the_draft(desk: Desk, world: World) -> None:
    session, ada, ref = desk.session, desk.ada, desk.ref
    picture, plan = desk.add(PICTURE, "p", "The yard"), desk.add(DOCUMENT, "d", "The plan")
    write(session, ada, ref)
    send(session, ada, ref)
    with pytest.raises(NotADraft):
        remove_file(session, ada, ref, plan, NOW)
    with pytest.raises(NotADraft):
        desk.add(DOCUMENT, "late")
    actions.take_back(session, ada, ref, NOW)
    first = _packet(session, 1)
    remove_file(session, ada, ref, plan, NOW)
    desk.add(PICTURE, "other", "The yard, repainted", replaces=picture)
    desk.add(DOCUMENT, "new", "Another plan")
    assert _packet(session, 1) == first
    send(session, ada, ref, 2)
    assert [file["title"] for file in first] == ["The yard", "The plan"]
    assert [file["title"] for file in _packet(session, 2)] == ["The yard, repainted", "Another plan"]
    assert [file["number"] for file in first] == [1, 2]
    for file in first:
        with desk.store.open(file["sha256"]) as handle:
            assert handle.read(4) in {b"%PDF", b"\xff\xd8\xff\xe0"}
    copy = own_copy(session, ada.person_id, ref, 1, NOW)
    assert [(file.name, file.title) for file in copy.files] == [("p.pdf", "The yard"), ("d.pdf", "The plan")]
    # Nothing that was ever sent is swept, and no name, size of upload or hash of it is in the packet.
    sweep(session, desk.store, NOW + timedelta(days=4000))
    assert {file["sha256"] for file in first} <= set(desk.store.older_than(9e9))
    originals = session.exec(select(Identity.data)).all()[0]["files"]
    assert [each["name"] for each in originals] == ["p.pdf", "d.pdf"]
    assert not {each["sha256"] for each in originals} & {file["sha256"] for file in first}
    assert "p.pdf" not in str(first)


def _packet(session: Session, number: int) -> list[dict[str, Any]]:
    session.flush()
    found = session.exec(select(Packet.files).join(Sending).where(Sending.number == number)).one()
    return list(found)


def test_the_fingerprint_holds_the_files(desk: Desk) -> None:
    session, ada, ref = desk.session, desk.ada, desk.ref
    desk.add(DOCUMENT, "d", "The plan")
    write(session, ada, ref)
    sent = send(session, ada, ref)
    packet = session.exec(select(Packet)).one()
    identity = session.exec(select(Identity)).one()
    assert sent.sha256 == fingerprint(packet.data, identity.data, packet.files)
    assert sent.sha256 != fingerprint(packet.data, identity.data)


def test_nobody_else_finds_a_file_and_nobody_adds_one_too_late(desk: Desk, world: World) -> None:
    code = desk.add(DOCUMENT, "d")
    ben = world.applicant("ben")
    for act in (
        lambda: own_file(desk.session, ben, desk.ref, code),
        lambda: remove_file(desk.session, ben, desk.ref, code, NOW),
        lambda: check_room(desk.session, ben, desk.ref, DOCUMENT, NOW),
    ):
        with pytest.raises(NotFound):
            act()
    other = begin(desk.session, ben)
    with pytest.raises(NotFound):
        own_file(desk.session, ben, other, code)
    with pytest.raises(TooLate):
        check_room(desk.session, desk.ada, desk.ref, DOCUMENT, CLOSES + timedelta(hours=1))


def test_an_application_does_not_fill_the_disk(desk: Desk) -> None:
    code = desk.add(DOCUMENT, "d")
    row = desk.session.exec(select(ApplicationFile).where(ApplicationFile.code == code)).one()
    for number in range(60):
        spare = row.model_dump(exclude={"id"}) | {"code": f"spare{number}", "state": "removed", "sent": True}
        desk.session.add(ApplicationFile(**spare))
    desk.session.flush()
    with pytest.raises(TooManyUploads):
        check_room(desk.session, desk.ada, desk.ref, DOCUMENT, NOW)


def test_a_deleted_draft_leaves_no_file_behind(desk: Desk, engine: Engine) -> None:
    desk.add(DOCUMENT, "d")
    desk.add(PICTURE, "p")
    session = desk.session
    actions.delete_draft(session, desk.ada, desk.ref, NOW)
    assert session.exec(select(Application)).all() == []
    assert session.exec(select(OriginalFile)).all() == []
    assert session.exec(select(ApplicationFile)).all() == []
    assert sweep(session, desk.store, NOW - timedelta(days=4000)) == 0, "they are too young"
    assert sweep(session, desk.store, NOW + timedelta(days=4000)) == 6
    assert list(desk.store.older_than(9e9)) == []


def test_the_words_of_a_document_are_there_for_the_warning(desk: Desk) -> None:
    desk.add(DOCUMENT, "d", "The plan")
    own = desk.session.exec(select(Application)).one()
    (found,) = texts_of(desk.session, own.id or 0)
    assert (found.title, VISIBLE in found.text) == ("The plan", True)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ada\\plan.pdf", "plan.pdf"),
        ("/absolute/plan.pdf", "plan.pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "ab Set-Cookie: x.pdf"),
        ("x" * 300, "x" * 255),
        ("\u202efdp.exe", "fdp.exe"),
        ("", "file"),
        ("..", ".."),
        ("Ауланың жоспары 🌳.pdf", "Ауланың жоспары 🌳.pdf"),
    ],
)
def test_a_name_keeps_what_a_name_needs(given: str, kept: str) -> None:
    assert file_name(given) == kept
