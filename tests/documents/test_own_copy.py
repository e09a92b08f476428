"""The PDF of one's own copy: what it says, that it can be read aloud, that no text does anything in it."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from app.applications.copies import sent_in_words
from app.applications.own_models import OwnCall, OwnCopy
from app.documents.letters import MOST_CHARACTERS, SQUARE, Shown
from app.documents.own_copy import copy_pdf
from app.documents.sender import Sender
from app.messages import label
from app.messages.copies import copy_in_words
from app.models.applications import Status
from app.models.calls import CallKind, Phase
from app.sections.limits import Limits
from tests.applications.typed import BRIEF, BUDGET, GRANT, NEED, SELECTION, WORK_PLAN
from tests.documents.opened import root_of, tags_of, text_of, words_of
from tests.world import CLOSES, NOW, ORGANISATIONS, texts

KAZAKH = "ӘҒҚҢӨҰҮҺІ әғқңөұүһі ₸"
SENDER = Sender(
    "WeAlmaty", "Funded by the European Union", True, "+7 700 000 00 00", "Only we are responsible."
)
SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
GRANT_CALL = OwnCall(
    slug="2026",
    title={"kk": "Қала гранттары", "ru": "Гранты города", "en": "Grants of the city"},
    kind=CallKind.GRANT,
    phase=Phase.OPEN,
    closes_at=CLOSES,
    reviews_due_at=CLOSES,
    results_expected_at=CLOSES,
    themes=[{"code": "ecology", "name": texts("Ecology")}],
    priorities=[{"code": "clean", "name": texts("Clean city")}],
    own_question={},
    organisations=list(ORGANISATIONS),
    limits=Limits(ceiling_minor=280_000_000, rate_minor=56_000),
    ceiling_cents=500_000,
    first_month="2026-03",
)


def kept(sections: dict[str, dict[str, Any]] = GRANT, *, written_in: str = "en") -> OwnCopy:
    return OwnCopy(
        ref="WA26-7QK2MX",
        number=2,
        sent_at=NOW,
        received_at=NOW,
        sha256=SHA,
        language=written_in,
        call=GRANT_CALL,
        timezone="Asia/Almaty",
        due_at=GRANT_CALL.closes_at,
        sections=sections,
        files=[],
    )


def large_copy() -> OwnCopy:
    """An application with more in it than most are."""
    words = " ".join(hashlib.sha256(str(place).encode()).hexdigest()[: 3 + place % 9] for place in range(900))
    return kept(
        GRANT
        | {
            "need": NEED | {"problem": words[:3000], "evidence": words[1000:3000]},
            "work_plan": WORK_PLAN | {"strengths": words[500:1700], "result": words[3000:3300]},
            "budget": BUDGET
            | {
                "lines": [
                    BUDGET["lines"][0] | {"id": f"l{place}", "what": words[place * 90 : place * 90 + 100]}
                    for place in range(40)
                ]
            },
        }
    )


def pdf_of(copy: OwnCopy, language: str = "en") -> bytes:
    return copy_pdf(sent_in_words(language, copy), SENDER)


def test_words_of_a_draft_are_marked_in_every_language() -> None:
    for language, mark in (("kk", "ҚАРАЛАМА"), ("ru", "ЧЕРНОВИК"), ("en", "DRAFT, NOT SENT")):
        copy = replace(
            sent_in_words(language, kept()), number="", unsent=True, mark=label(language, Status.DRAFT)
        )
        made = copy_pdf(copy, SENDER)
        assert copy_in_words(copy).splitlines()[1].startswith(mark)
        for page in PdfReader(BytesIO(made)).pages:
            assert mark in page.extract_text()


def with_text(text: str) -> dict[str, dict[str, Any]]:
    """A whole application that says this in a long answer, in the title, in a table and in a list."""
    (group,) = NEED["beneficiaries"]
    first, second = WORK_PLAN["activities"]
    return GRANT | {
        "brief": BRIEF | {"title": text[:80]},
        "need": NEED | {"problem": text, "beneficiaries": [group | {"help": text[:200]}]},
        "work_plan": WORK_PLAN | {"activities": [first | {"does": text[:500]}, second]},
        "budget": BUDGET | {"lines": [BUDGET["lines"][0] | {"what": text[:100]}]},
    }


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_copy_says_what_the_text_says_in_every_language(language: str) -> None:
    """One content: every answer and every label of the copy as text is in the PDF too."""
    copy = sent_in_words(language, kept(with_text(KAZAKH), written_in="kk"))
    read = words_of(text_of(copy_pdf(copy, SENDER)))
    assert KAZAKH in read
    for section in copy.sections:
        assert section.title in read
        for answer in section.answers:
            assert words_of(answer.label) in read
            assert words_of(answer.text) in read
            for row in answer.table.rows if answer.table else ():
                assert all(words_of(cell) in read for cell in row), answer.name
        for total in section.totals:
            assert words_of(f"{total.label}") in read and words_of(total.text) in read
    for fact in (*copy.facts, *copy.proof, *filter(None, [copy.amount])):
        assert words_of(fact.text) in read
    plain = words_of(copy_in_words(copy))
    assert KAZAKH in plain and SHA in plain and copy.number in plain


def test_copy_is_tagged_named_and_has_no_author() -> None:
    made = pdf_of(kept(with_text("Көше " + KAZAKH), written_in="kk"), "ru")
    reader, root = PdfReader(BytesIO(made)), root_of(made)
    assert root["/Lang"] == "ru"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    metadata = reader.metadata
    assert metadata is not None
    assert metadata.title == "WA26-7QK2MX/2: Көше " + KAZAKH
    assert metadata.author is None
    assert metadata.creation_date == datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1<" in xmp and "<pdfaid:part>2<" in xmp and "dc:creator" not in xmp
    tags = tags_of(made)
    roles = [role for role, _ in tags]
    assert roles.count("/H1") == 1
    assert {"/H2", "/H3", "/Table", "/TH", "/TD", "/L", "/LI", "/Figure"} <= set(roles)
    assert "kk" in {language for _, language in tags}, "the applicant's words are in their own language"


def test_first_page_is_the_receipt() -> None:
    made = pdf_of(kept())
    first = words_of(PdfReader(BytesIO(made)).pages[0].extract_text())
    for words in (
        "Garden behind the library",
        "WA26-7QK2MX/2",
        "600,000 ₸ (€1,071.42)",
        "10 March 2026, 14:00 (Almaty time, UTC+5)",
        SHA,
        "What happens next",
        "+7 700 000 00 00",
        "Funded by the European Union",
    ):
        assert words in first
    assert "The yard is bare" not in first
    assert "The yard is bare" in text_of(made)
    receipt = copy_pdf(sent_in_words("en", kept()), SENDER, answers=False)
    assert len(PdfReader(BytesIO(receipt)).pages) == 1


def test_equal_copies_are_equal_bytes() -> None:
    assert pdf_of(kept()) == pdf_of(kept())
    assert pdf_of(kept()) != pdf_of(kept(with_text("Other")))


def test_selection_without_money_says_nothing_of_it() -> None:
    call = GRANT_CALL.model_copy(update={"limits": Limits(), "ceiling_cents": None})
    read = text_of(pdf_of(kept(SELECTION).model_copy(update={"call": call})))
    assert "A listener" in read
    assert "₸" not in read and "From the grant" not in read


CALLS = (
    '#read("/etc/passwd") #import "look.typ": * #panic("x") #sys.inputs $x^2$ *b* _i_ `c` <label> @ref = H'
)
HOSTILE = (
    CALLS + "\n= Heading\n- list\n+ item\n/ term: x\n// comment /* block */ \\u{41} \\ ~ --- ... "
    "\"q\" 'q' [c] {1+1} http://a.b\n"
    "left\u202eright\u202c nul\x00 bell\x07 soft\u00adhyphen zero\u200bwidth \ud800half 日本 😀 "
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 العربية\n"
    "%PDF-1.7 (paren) </script><script>alert(1)</script> &amp; ]]> \ufeff"
)


def test_no_text_is_markup_and_none_reads_a_file() -> None:
    read = words_of(text_of(pdf_of(kept(with_text(HOSTILE)))))
    for typed in (
        CALLS,
        "= Heading - list + item / term: x // comment /* block */ \\u{41} \\ ~ --- ...",
        "\"q\" 'q' [c] {1+1}",
        "leftright nul bell softhyphen zerowidth half",
        f"{SQUARE} {SQUARE} {SQUARE}",
        "<script>alert(1)</script> &amp; ]]>",
    ):
        assert typed in read
    assert "root:" not in read
    assert "lack stands as □" in read


def test_long_words_and_long_texts_stay_on_the_page() -> None:
    word = "ұ" * 3000
    made = pdf_of(kept(with_text(word)))
    assert text_of(made).replace("\r\n", "").replace("\n", "").count("ұ") >= 3000
    assert _right_edge(made) <= 595 - 40
    many = GRANT | {"need": NEED | {"problem": "Сөз " * 750, "evidence": "А" * 20_000}}
    read = text_of(pdf_of(kept(many)))
    assert read.count("Сөз") == 750
    assert read.count("А") < MOST_CHARACTERS + 500
    assert "A very long text was shortened here." in words_of(read)


def _right_edge(made: bytes) -> float:
    """How far right anything is printed, in points."""
    document = pypdfium2.PdfDocument(made)
    edges = [each.get_bounds()[2] for page in document for each in page.get_objects() if each.type == 1]
    document.close()
    return float(max(edges))


def test_every_letter_that_is_said_to_be_shown_is() -> None:
    """All of them at once keep the promise of PDF/UA, in the regular and in the bold type."""
    shown = Shown()
    letters = "".join(map(chr, [*range(32, 0xD800), *range(0xE000, 0x10000)]))
    kept_letters = "".join(each for each in letters if shown.text(each) == each)
    assert 2000 < len(kept_letters) < 6000
    assert set(KAZAKH) <= set(kept_letters)
    pieces = [kept_letters[start : start + 150] for start in range(0, len(kept_letters), 150)]
    line = BUDGET["lines"][0]
    rows = [line | {"id": f"l{place}", "what": piece} for place, piece in enumerate(pieces)]
    made = pdf_of(
        kept(GRANT | {"brief": BRIEF | {"title": kept_letters}, "budget": BUDGET | {"lines": rows}})
    )
    assert b"pdfuaid" in root_of(made)["/Metadata"].get_data()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_whatever_is_typed_can_be_shown(text: str) -> None:
    """Every sign that is left has a letter, and cleaning twice changes nothing more."""
    shown = Shown().text(text)
    assert not any(ord(each) < 32 and each != "\n" for each in shown)
    assert not set("\u202e\u2066\ufeff\x7f") & set(shown)
    assert Shown().text(shown.replace("\u200b", "")) == shown
