"""A blurred picture, the words of a document: reviewers get these, and nothing of the file itself."""

import io
import os
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageStat
from sqlmodel import Session, select

from app.applications.actions.redacting import DecisionsInput, clear_application, decide_redaction
from app.applications.coverings import FileHow
from app.applications.redaction import full_redaction, stand_in
from app.errors import Invalid, NotFound
from app.files.blurring import blur
from app.files.store import LocalStore
from app.files.sweep import sweep
from app.models.applications import Application, Packet
from app.models.files import FileKind
from app.models.people import OriginalFile, Redaction
from app.models.redaction import ClearedPacket
from app.reviews.queries import file_in_hand
from tests.applications.steps import begin, send, write
from tests.applications.test_leaking import NAMED
from tests.factories import REVIEWING, make_assignment
from tests.files.kept import keep
from tests.files.made import marked_jpeg, marked_pdf, plain_pdf, saved
from tests.world import NOW, World, key


def test_no_detail_is_left_where_a_picture_is_blurred(tmp_path: Path) -> None:
    """A board of black and white squares: a part that is blurred is grey, any other is as it was."""
    board = Image.effect_noise((600, 300), 120).convert("RGB")
    source = saved(board, "JPEG", quality=95)

    def contrast(areas: list[int]) -> list[float]:
        assert blur(io.BytesIO(source), areas, tmp_path) == {"width": 600, "height": 300}
        made = Image.open(tmp_path / "clean").convert("L")
        boxes = [(x + 8, y + 8, x + 192, y + 92) for y in (0, 100, 200) for x in (0, 200, 400)]
        return [ImageStat.Stat(made.crop(box)).stddev[0] for box in boxes]

    assert all(each < 15 for each in contrast([]))
    some = contrast([1, 5, 9])
    assert [each < 15 for each in some] == [True, False, False, False, True, False, False, False, True]
    assert min(each for each in some if each > 15) > 60


def _sent(session: Session, world: World, store: LocalStore) -> str:
    ref = begin(session, world.applicant())
    write(session, world.applicant(), ref, NAMED)
    application = session.exec(select(Application).where(Application.ref == ref)).one()
    ada = key(world.people["ada"])
    said = "Ada Canaryname made this plan.\r\nDig, plant, water."
    for data, kind in ((marked_pdf(), FileKind.DOCUMENT), (marked_jpeg(size=(640, 400)), FileKind.PICTURE)):
        keep(session, store, key(application), ada, data, kind=kind, title="By Ada Canaryname")
    keep(session, store, key(application), ada, plain_pdf(), title="A scan")
    for original in session.exec(select(OriginalFile)):
        original.text = said if original.text else ""
        session.add(original)
    send(session, world.applicant(), ref)
    session.flush()
    return ref


def test_reviewers_get_what_stands_for_a_file(session: Session, world: World, tmp_path: Path) -> None:
    store, cora = LocalStore(tmp_path), world.coordinator()
    ref = _sent(session, world, store)
    found = full_redaction(session, cora, ref)
    numbers = {
        each.kind if each.text or each.kind is FileKind.PICTURE else "scan": each.number
        for each in found.files
    }
    plan, picture, scan = numbers[FileKind.DOCUMENT], numbers[FileKind.PICTURE], numbers["scan"]

    def decide(seen: int, **given: object) -> int:
        wanted = DecisionsInput.model_validate({"number": 1, **given})
        return decide_redaction(session, cora, ref, wanted, seen, NOW, store)

    for number, how in ((plan, "blurred"), (picture, "in_words"), (scan, "in_words")):
        with pytest.raises(Invalid):
            decide(0, files={number: how})
    with pytest.raises(NotFound):
        stand_in(session, cora, ref, picture)
    texts = {each.place: {"how": "covered"} for each in found.texts if each.spans}
    hows = {plan: "in_words", picture: "blurred", scan: "dropped"}
    first = decide(0, texts=texts, files=hows, areas={picture: [5, 1, 5]})
    assert decide(first, files=hows, areas={picture: [1, 5]}) == first, "the same again makes nothing anew"
    found = full_redaction(session, cora, ref)
    files = {each.number: each for each in found.files}
    assert (files[picture].how, files[picture].areas) == (FileHow.BLURRED, [1, 5])
    assert files[plan].words == "▇▇▇ made this plan.\r\nDig, plant, water."

    clear_application(session, cora, ref, number=1, seen=first, now=NOW)
    application = session.exec(select(Application)).one()
    make_assignment(session, world, application)
    application.status, world.call.reviewing_opened_at = application.status.IN_REVIEW, REVIEWING
    session.add_all([application, world.call])
    session.flush()
    originals = {each["sha256"] for each in _packet_files(session)}
    rita = world.reviewer()
    read = [file_in_hand(session, rita, application.code, each, REVIEWING).key for each in (plan, picture)]
    assert not originals & set(read)
    with pytest.raises(NotFound):
        file_in_hand(session, rita, application.code, scan, REVIEWING)
    with store.open(read[0]) as document:
        pdf = pypdfium2.PdfDocument(document.read())
    said = " ".join(page.get_textpage().get_text_bounded() for page in pdf)
    assert "▇▇▇ made this plan." in said
    assert "Dig, plant, water." in said
    assert "Canaryname" not in said + str(pdf.get_metadata_dict())

    # Another mind, and reviewers still read what was cleared: nothing of either is swept away.
    decide(first, files={plan: "in_words", picture: "blurred"}, words={plan: "They dig."})
    assert full_redaction(session, cora, ref).files[0].how is not None
    (row,) = session.exec(select(Redaction.files)).all()
    made = {each["file"]["sha256"] for each in row.values() if isinstance(each, dict)}
    for path in tmp_path.glob("[0-9a-f][0-9a-f]/*"):
        os.utime(path, (0, 0))
    sweep(session, store, NOW + timedelta(days=1))
    for each in {*read, *made}:
        store.open(each).close()


def _packet_files(session: Session) -> list[dict[str, str]]:
    cleared = session.exec(select(ClearedPacket)).one().files
    sent = session.exec(select(Packet)).one().files
    assert {each["number"] for each in cleared} < {each["number"] for each in sent}
    return list(sent)
