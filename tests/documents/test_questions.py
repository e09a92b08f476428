"""The questions of a call as files: what the form asks, in its order and words, to print and to fill in."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader
from sqlalchemy import Engine, update
from sqlmodel import col

from app.calls.form import CallForm
from app.calls.form_views import QuestionView, criterion_views, section_views
from app.calls.public import public_form
from app.database import make_engine, session_on
from app.documents import press
from app.documents.questions import questions_of, questions_pdf
from app.documents.sender import Sender
from app.documents.word import questions_docx
from app.models.calls import Call
from tests.conftest import Client, Clock
from tests.documents.opened import root_of, tags_of, text_of, unpacked, words_of
from tests.world import NOW, OPENS, make_world

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SENDER = Sender("WeAlmaty", "Funded by the European Union", True, "+7 700 000 00 00", "Only we.")
MAKERS = {"pdf": questions_pdf, "docx": questions_docx}


@pytest.fixture
def form(migrated_sqlite: Path, tmp_path: Path) -> Iterator[CallForm]:
    """The form of the world's call."""
    path = tmp_path / "form.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    with session_on(engine) as session, session.begin():
        make_world(session)
        yield public_form(session, "2026", NOW)
    engine.dispose()


def made_of(form: CallForm, language: str, kind: str) -> bytes:
    questions = questions_of(
        form, language, slug="2026", title="Қала гранттары", facts=[("Deadline", "18 March")], at=NOW
    )
    return MAKERS[kind](questions, SENDER)


def said_of(question: QuestionView) -> Iterator[str]:
    yield from filter(None, (question.hint, question.why))
    yield from question.facts
    yield from question.options


def docx_text(body: bytes) -> str:
    """The words of the document, paragraph after paragraph, tables where they stand."""
    root = Document(BytesIO(body)).element.body
    return "\n".join(
        "".join(text.text or "" for text in paragraph.iter(qn("w:t"))) for paragraph in root.iter(qn("w:p"))
    )


def said_by(form: CallForm, language: str) -> Iterator[list[str]]:
    """What must follow each other, each with what must come after it: sections, questions, criteria."""
    for section in section_views(form, language):
        yield [f"{section.number}. {section.title}", section.sees]
        for place, question in enumerate(section.questions, 1):
            inner = [
                words for each in question.questions for words in (each.label, *each.facts, *each.options)
            ]
            yield [f"{section.number}.{place} {question.label}", *said_of(question), *inner]
    for criterion in criterion_views(form, language):
        yield [f"{criterion.title} ({criterion.weight} %)", *(each.text for each in criterion.anchors)]


def test_files_ask_what_the_form_asks_in_its_order(form: CallForm) -> None:
    """From the same views as the page: labels, hints, guides, caps, choices, reasons, criteria, rubric."""
    for language, kind in product(("kk", "ru", "en"), ("pdf", "docx")):
        made = made_of(form, language, kind)
        text = words_of(text_of(made) if kind == "pdf" else docx_text(made))
        at = 0
        for head, *rest in said_by(form, language):
            assert words_of(head) in text[at:], (language, kind, head)
            at = text.index(words_of(head), at)
            missing = [words for words in rest if words_of(words) not in text[at:]]
            assert missing == [], (language, kind, head)


def test_files_can_be_read_aloud_and_name_no_author(form: CallForm) -> None:
    pdf = made_of(form, "kk", "pdf")
    reader, root = PdfReader(BytesIO(pdf)), root_of(pdf)
    assert root["/Lang"] == "kk" and root["/MarkInfo"]["/Marked"].value is True
    assert reader.metadata is not None and reader.metadata.author is None
    assert "<pdfuaid:part>1<" in root["/Metadata"].get_data().decode().replace(">1 <", ">1<")
    roles = [role for role, _ in tags_of(pdf)]
    assert roles.count("/H1") == 1 and {"/H2", "/H3", "/Table", "/TH", "/L"} <= set(roles)

    word = made_of(form, "kk", "docx")
    document = Document(BytesIO(word))
    properties = document.core_properties
    assert (properties.author, properties.last_modified_by, properties.language) == ("", "", "kk-KZ")
    assert properties.title == "Барлық сұрақ: Қала гранттары"
    styles = [each.style.name for each in document.paragraphs if each.style]
    assert styles.count("Heading 1") == 1 and styles.count("Heading 2") >= 6 and "Heading 3" in styles
    assert document.tables
    for table in document.tables:
        assert list(table.rows[0]._tr.iter(qn("w:tblHeader")))
    with zipfile.ZipFile(BytesIO(word)) as parts:
        assert {each.date_time for each in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in parts.namelist() if "thumbnail" in name or "customXml" in name]
        assert set(re.findall(r'<w:lang [^>]*w:val="([^"]+)"', parts.read("word/styles.xml").decode())) == {
            "kk-KZ"
        }
    assert "python-docx" not in unpacked(word)


def test_a_file_is_kept_until_the_call_changes(
    client: Client, engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is not made again for the next reader, and is when the call has changed."""
    address = "/en/calls/2026/questions.pdf"
    first = client().get(address)
    assert first.headers["content-disposition"] == 'attachment; filename="2026-en.pdf"'
    assert first.headers["content-type"] == "application/pdf"
    word = client().get("/kk/calls/2026/questions.docx")
    assert word.headers["content-disposition"] == 'attachment; filename="2026-kk.docx"'
    assert word.headers["content-type"] == WORD
    assert client("ada").get(address).content == first.content
    assert client().get(address, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    page = client().get("/en/calls/2026/questions").text
    size = round(len(first.content) / 1000)
    assert f'href="{address}">PDF to print (' in page and f"({size}\u00a0kB)" in page
    assert 'href="/en/calls/2026/questions.docx">Word file (DOCX) to fill in (' in page
    with session_on(engine) as session, session.begin():
        session.execute(
            update(Call)
            .where(col(Call.slug) == "2026")
            .values(title={"kk": "Ө", "ru": "Ж", "en": "Changed <b> #title"}, version=Call.version + 1)
        )
    with monkeypatch.context() as broken:
        broken.setattr(press, "TYPESETTER", tmp_path / "none.py")
        refused = client().get(address)
        assert refused.status_code == 503
        assert "This PDF could not be made just now." in refused.text
        assert client().get("/en/calls/2026/questions").status_code == 200, "the page needs no file"
    assert "Changed <b> #title" in words_of(text_of(client().get(address).content))


def test_a_call_in_preparation_has_no_file(client: Client, clock: Clock, engine: Engine) -> None:
    with session_on(engine) as session, session.begin():
        session.execute(update(Call).where(col(Call.slug) == "2026").values(opened_at=None))
    clock.now = OPENS
    assert client().get("/en/calls/2026/questions.pdf").status_code == 404
    assert client().get("/en/calls/none/questions.docx").status_code == 404
