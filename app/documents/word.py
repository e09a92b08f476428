"""The questions of a call as a Word file to draft in: real headings, real tables, no trace of who made it."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.package import OpcPackage
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from app.calls.form_views import CriterionView, QuestionView, SectionView
from app.documents.letters import unseen_removed
from app.documents.questions import Questions, blank_rows, fed_criteria, is_wide, row_name
from app.documents.sender import Sender

LANGUAGE_TAGS = {"kk": "kk-KZ", "ru": "ru-RU", "en": "en-GB"}
FONT = "Arial"
"""It is on every office computer and phone, and has every Kazakh letter."""
PINE = RGBColor(0x0B, 0x5A, 0x54)
INK_2 = RGBColor(0x5A, 0x50, 0x46)
SIZES = {"Heading 1": 26, "Heading 2": 17, "Heading 3": 12}
HINT, ANSWER = "Hint", "Answer"
BOX = "\u2610 "


def questions_docx(questions: Questions, sender: Sender) -> bytes:
    """The file; equal questions give equal bytes."""
    document = Document()
    _set_up(document, questions, sender)
    _front(document, questions, sender)
    for section in questions.sections:
        _section(document, questions, section)
    _rubric(document, questions)
    return _bytes(document)


def _set_up(document: Docx, questions: Questions, sender: Sender) -> None:
    words = questions.words
    properties = document.core_properties
    properties.title = _clean(f"{words['heading']}: {questions.title}")
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.language = LANGUAGE_TAGS[questions.language]
    properties.created = properties.modified = questions.at.replace(tzinfo=None)
    _speak(document, LANGUAGE_TAGS[questions.language])
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin = page.bottom_margin = Mm(20)
    _styles(document)
    footer = page.footer.paragraphs[0]
    footer.style = document.styles[HINT]
    footer.add_run(_clean(f"{sender.brand} · {questions.title} · "))
    _page_number(footer)


def _speak(document: Docx, tag: str) -> None:
    """The language of the document, by which it is read aloud and spelled."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), tag)
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), tag)


def _styles(document: Docx) -> None:
    normal = document.styles["Normal"]
    _font(normal, 11)
    normal.paragraph_format.space_after = Pt(5)
    for name, size in SIZES.items():
        style = document.styles[name]
        _font(style, size)
        style.font.bold = True
        style.font.color.rgb = PINE if size > 12 else RGBColor(0x21, 0x1C, 0x17)
        style.paragraph_format.space_before = Pt(0 if name == "Heading 1" else size + 3)
        style.paragraph_format.space_after = Pt(5)
        style.paragraph_format.keep_with_next = True
    hint = document.styles.add_style(HINT, WD_STYLE_TYPE.PARAGRAPH)
    _font(hint, 10)
    hint.font.color.rgb = INK_2
    hint.paragraph_format.space_after = Pt(4)
    answer = document.styles.add_style(ANSWER, WD_STYLE_TYPE.PARAGRAPH)
    _font(answer, 11)
    answer.paragraph_format.space_after = Pt(8)
    answer.paragraph_format.left_indent = Mm(3)
    answer.element.get_or_add_pPr().insert(0, _edge())  # the schema wants it before the spacing


def _font(style: Any, size: int) -> None:
    style.font.name = FONT
    style.font.size = Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if "Theme" in name or name.endswith("theme"):
            del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)


def _edge() -> Any:
    """A green line beside the room for an answer."""
    borders = OxmlElement("w:pBdr")
    left = OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "6"), ("color", "0B5A54")):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    return borders


def _page_number(paragraph: Paragraph) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = OxmlElement("w:r")
    shown = OxmlElement("w:t")
    shown.text = "1"
    run.append(shown)
    field.append(run)
    paragraph._p.append(field)


def _front(document: Docx, questions: Questions, sender: Sender) -> None:
    words = questions.words
    _said(document, " · ".join(filter(None, (sender.brand, sender.funder))), HINT)
    document.add_heading(_clean(words["heading"]), 1)
    _said(document, questions.title).runs[0].bold = True
    _said(document, questions.lead)
    for label, text in questions.facts:
        _labelled(document, label, text)
    _said(document, questions.how)
    if sender.help:
        _labelled(document, words["help"].rstrip("?:"), sender.help)
    if sender.disclaimer:
        _said(document, sender.disclaimer, HINT)


def _section(document: Docx, questions: Questions, section: SectionView) -> None:
    words = questions.words
    document.add_heading(_clean(f"{section.number}. {section.title}"), 2)
    _said(document, f"{section.sees} {words['minutes']}: {section.minutes}.", HINT)
    if section.criteria:
        _said(document, f"{words['scored']}: {fed_criteria(section)}", HINT)
    for place, question in enumerate(section.questions, 1):
        document.add_heading(_clean(f"{section.number}.{place} {_asked(questions, question)}"), 3)
        _about(document, questions, question)
        _room(document, questions, question)


def _asked(questions: Questions, question: QuestionView) -> str:
    return f"{question.label} ({questions.words['optional']})" if question.optional else question.label


def _about(document: Docx, questions: Questions, question: QuestionView) -> None:
    if question.hint:
        _said(document, question.hint)
    if question.facts:
        _said(document, " · ".join(question.facts), HINT)
    if question.why:
        _said(document, f"{questions.words['why']}: {question.why}", HINT)


def _room(document: Docx, questions: Questions, question: QuestionView) -> None:
    """Where the answer goes: a table, answers to tick, or a paragraph to write in."""
    if question.questions and is_wide(question):
        for number in range(1, blank_rows(question) + 1):
            _form_table(document, questions, question, number)
    elif question.questions:
        _column_table(document, questions, question)
    elif question.options:
        for option in question.options:
            _said(document, f"{BOX}{option}")
    else:
        _said(document, "", ANSWER)


def _column_table(document: Docx, questions: Questions, question: QuestionView) -> None:
    table = _table(document, 1 + blank_rows(question), len(question.questions))
    for cell, inner in zip(table.rows[0].cells, question.questions, strict=True):
        _head(cell, _asked(questions, inner), inner.facts)
    _after(document)
    for inner in question.questions:
        if inner.options:
            _said(document, f"{_lead(inner.label)} {' · '.join(inner.options)}", HINT)


def _lead(label: str) -> str:
    """A label before what it names: a question has its own sign."""
    return label if label.endswith("?") else f"{label}:"


def _form_table(document: Docx, questions: Questions, question: QuestionView, number: int) -> None:
    """One row of a wide table as a table of its own: question and answer side by side."""
    table = _table(document, 1 + len(question.questions), 2)
    _head(table.rows[0].cells[0], f"{row_name(question, questions.language)} {number}")
    _head(table.rows[0].cells[1], questions.words["answer"])
    for row, inner in zip(table.rows[1:], question.questions, strict=True):
        _head(row.cells[0], _asked(questions, inner), [*filter(None, [inner.hint]), *inner.facts])
        for place, option in enumerate(inner.options):
            paragraph = row.cells[1].paragraphs[0] if place == 0 else row.cells[1].add_paragraph()
            paragraph.add_run(_clean(f"{BOX}{option}"))
    _after(document)


def _rubric(document: Docx, questions: Questions) -> None:
    if not questions.criteria:
        return
    document.add_heading(_clean(questions.words["scored"]), 2)
    _said(document, questions.rubric)
    for criterion in questions.criteria:
        _criterion(document, questions, criterion)


def _criterion(document: Docx, questions: Questions, criterion: CriterionView) -> None:
    document.add_heading(_clean(f"{criterion.title} ({criterion.weight} %)"), 3)
    _said(document, criterion.asks)
    table = _table(document, 1 + len(criterion.anchors), 2, widths=(Mm(25), Mm(145)))
    for cell, words in zip(table.rows[0].cells, ("score", "meaning"), strict=True):
        _head(cell, questions.words[words])
    for row, anchor in zip(table.rows[1:], criterion.anchors, strict=True):
        for cell, text in zip(row.cells, (anchor.score, anchor.text), strict=True):
            cell.paragraphs[0].add_run(_clean(text))
    _after(document)


def _table(document: Docx, rows: int, columns: int, widths: Sequence[Mm] = ()) -> Table:
    """A table whose first row is its head: read with every cell, and repeated on every page."""
    table: Table = document.add_table(rows, columns, style="Table Grid")
    table.autofit = False
    for place, column in enumerate(table.columns):
        width = widths[place] if widths else Mm(170 // columns)
        for cell in column.cells:
            cell.width = width
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))
    for row in table.rows:
        row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))
    return table


def _head(cell: _Cell, words: str, beside: Sequence[str] = ()) -> None:
    cell.paragraphs[0].add_run(_clean(words)).bold = True
    if beside:
        paragraph = cell.add_paragraph(style=HINT)
        paragraph.add_run(_clean(" · ".join(beside)))
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "F2EADD")):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _after(document: Docx) -> None:
    """Two tables without anything between them would become one."""
    _said(document, "", HINT)


def _said(document: Docx, text: str, style: str = "Normal") -> Paragraph:
    return document.add_paragraph(_clean(text), style=style)


def _labelled(document: Docx, label: str, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(_clean(f"{label}: ")).bold = True
    paragraph.add_run(_clean(text))


def _clean(text: str) -> str:
    """XML knows no control characters."""
    return unseen_removed(text)


LEFT_OUT = ("thumbnail", "stylesWithEffects", "customXml")
"""Parts of the library's own template that say something of whoever made it, or nothing at all."""


def _bytes(document: Docx) -> bytes:
    package: OpcPackage = document.part.package
    for relations in (package.rels, document.part.rels):
        for name in [name for name, each in relations.items() if each.reltype.endswith(LEFT_OUT)]:
            del relations[name]
    made = BytesIO()
    document.save(made)
    # The same files with one date in all, so that the same document is the same bytes.
    undated = BytesIO()
    with zipfile.ZipFile(made) as given, zipfile.ZipFile(undated, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in given.namelist():
            content = b"" if name == "docProps/app.xml" else given.read(name)
            kept.writestr(zipfile.ZipInfo(name), content or _APPLICATION, zipfile.ZIP_DEFLATED)
    return undated.getvalue()


_APPLICATION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
