"""One application of the redaction queue in words: each text and each file to decide on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.applications.coverings import FileHow, TextHow
from app.applications.redaction import (
    FullRedaction,
    RedactionFile,
    RedactionSpan,
    RedactionText,
)
from app.leaks.places import words_at
from app.messages import translations
from app.messages.labels import choices
from app.messages.marked import TextPart, marked
from app.pages.file_views import FileView, file_view
from app.pages.forms import FieldView, Option, element_id
from app.pages.leak_views import in_quotes, place_in_words
from app.pages.page import path_to
from app.pages.redaction_typed import (
    TO_BE_WRITTEN,
    areas_in,
    empties,
    knowing,
    leaving_out,
    offered_for,
    proposed_words,
    said_in,
    word_in,
    words_instead,
)

CONTEXT = 60
"""Characters of a document's text that are shown on each side of what was found."""


HOWS = (TextHow.COVERED, TextHow.KEPT, TextHow.EDITED)


@dataclass(frozen=True, slots=True)
class TextCard:
    """One text to decide on. `found` says what is marked, `how` and `words` are its two fields, of which
    the second is shown at once while it is `writing`. `tick` lets words stand that were found in it, `out`
    says that nothing of it is meant to be left."""

    id: str
    place: str
    parts: Sequence[TextPart]
    found: Sequence[str]
    how: FieldView
    words: FieldView
    tick: FieldView | None
    out: FieldView | None
    writing: bool


@dataclass(frozen=True, slots=True)
class FileCard:
    """One file to decide on; `excerpts` are pieces of a document's text in which something was found.

    `areas` asks which parts of a picture are blurred, `words` what reviewers get instead of a document that
    is `readable`; they are shown at once while one is `working` on them. `tick`
    lets words stand that were found in those. `instead` is what was made of it.
    """

    id: str
    view: FileView
    found: Sequence[str]
    excerpts: Sequence[Sequence[TextPart]]
    how: FieldView
    readable: bool
    areas: FieldView | None
    words: FieldView | None
    tick: FieldView | None
    working: bool
    instead: FileView | None


@dataclass(frozen=True, slots=True)
class OtherText:
    """A text in which nothing was found, and where it can be written another way."""

    place: str
    text: str
    change: str


def text_card(
    language: str,
    found: FullRedaction,
    each: RedactionText,
    sections: Mapping[str, Mapping[str, object]],
    given: Mapping[str, str | list[str]],
    problems: Mapping[str, str],
) -> TextCard:
    gettext = translations(language).ugettext
    how_name, words_name = f"how.{each.place}", f"words.{each.place}"
    how = word_in(given, how_name) or (each.how or "")
    offered = [value for value in HOWS if each.spans or value is not TextHow.COVERED]
    written = said_in(given, words_name)
    gone = empties(how, proposed_words(each) if written is None else written, each)
    place = place_of(language, found, each, sections)
    return TextCard(
        id=element_id(f"card.{each.place}"),
        place=place,
        parts=marked(each.text, [(span.start, span.end) for span in each.spans]),
        found=_found(language, each.text, each.spans),
        how=FieldView(
            id=element_id(how_name),
            name=how_name,
            control="radios",
            label=gettext("What becomes of it?"),
            options=_options(language, "text_how", offered, how),
            error=problems.get(how_name, ""),
        ),
        words=FieldView(
            id=element_id(words_name),
            name=words_name,
            control="textarea",
            label=gettext("What reviewers read instead"),
            value=proposed_words(each) if written is None else written,
            error=problems.get(words_name, ""),
            lang=found.language,
            rows=min(12, 2 + len(each.text) // 70),
        ),
        tick=_tick(language, each.place, each.knowingly, given, offered=words_name in problems and not gone),
        out=_leave_out(language, each.place, given, offered=gone),
        writing=how == TextHow.EDITED or not each.spans or words_name in problems or how_name in problems,
    )


def file_card(
    language: str,
    call: str,
    found: FullRedaction,
    file: RedactionFile,
    lang: str,
    given: Mapping[str, str | list[str]],
    problems: Mapping[str, str],
) -> FileCard:
    name, areas_name, words_name = (f"{each}.{file.number}" for each in ("file", "areas", "instead"))
    offered = offered_for(file)
    how = word_in(given, name) or (file.how or "")
    written = said_in(given, words_name)
    gettext = translations(language).ugettext
    place = {"call": call, "ref": found.ref, "number": file.number}
    preview = path_to(language, "desk.file_preview", **place)
    href = path_to(language, "desk.file", **place)
    return FileCard(
        id=element_id(f"card.{name}"),
        view=file_view(language, file, file.number, lang, href, preview, file.size),
        found=_found(language, file.text, file.spans),
        excerpts=[_excerpt(file.text, span) for span in file.spans],
        how=FieldView(
            id=element_id(name),
            name=name,
            control="radios",
            label=gettext("What becomes of it?"),
            options=_options(language, "file_how", offered, how),
            error=problems.get(name, ""),
        ),
        readable=FileHow.IN_WORDS in offered,
        areas=FieldView(
            id=element_id(areas_name),
            name=areas_name,
            control="checkboxes",
            label=gettext("Which parts are blurred?"),
            hint=gettext("Lines divide the picture into nine parts. Mark none to blur all of it."),
            options=[
                Option(str(area), words, "", area in (areas_in(given, file.number) if given else file.areas))
                for area, words in enumerate(choices(language, "picture_area").values(), 1)
            ],
        )
        if FileHow.BLURRED in offered
        else None,
        words=FieldView(
            id=element_id(words_name),
            name=words_name,
            control="textarea",
            label=gettext("What reviewers get instead of the document"),
            value=words_instead(file) if written is None else written,
            error=problems.get(words_name, ""),
            lang=lang,
            rows=12,
        )
        if FileHow.IN_WORDS in offered and len(file.text) <= TO_BE_WRITTEN
        else None,
        tick=_tick(
            language,
            file.number,
            file.knowingly,
            given,
            offered=words_name in problems or (how == FileHow.IN_WORDS and name in problems),
        ),
        working=how in {FileHow.BLURRED, FileHow.IN_WORDS} or name in problems,
        instead=_instead(language, found, file, place, lang),
    )


def _tick(
    language: str,
    place: str | int,
    left: Sequence[str],
    given: Mapping[str, str | list[str]],
    *,
    offered: bool,
) -> FieldView | None:
    """What lets words stand that were found in a new text: there once some were, or were `left` already."""
    name = knowing(place)
    ticked = bool(word_in(given, name) if given else left)
    if not (offered or left or ticked):
        return None
    gettext = translations(language).ugettext
    return FieldView(
        id=element_id(name),
        name=name,
        control="checkboxes",
        label=gettext("Reviewers may read these words"),
        hint=gettext("That you let them stand is written into the log."),
        value="yes" if ticked else "",
    )


def _leave_out(
    language: str, place: str, given: Mapping[str, str | list[str]], *, offered: bool
) -> FieldView | None:
    name = leaving_out(place)
    if not offered:
        return None
    gettext = translations(language).ugettext
    return FieldView(
        id=element_id(name),
        name=name,
        control="checkboxes",
        label=gettext("Leave this answer out"),
        hint=gettext("Under the question reviewers read that the coordinator has left the answer out."),
        value="yes" if word_in(given, name) else "",
    )


def _instead(
    language: str, found: FullRedaction, file: RedactionFile, place: Mapping[str, Any], lang: str
) -> FileView | None:
    """What reviewers will get, where that is not the file itself."""
    if file.how is FileHow.BLURRED:
        preview = path_to(language, "redaction.file_preview", **place)
        return file_view(
            language, file, file.number, lang, path_to(language, "redaction.file", **place), preview
        )
    if file.how is FileHow.IN_WORDS:
        plain = file.model_copy(update={"width": 0, "height": 0})
        view = file_view(language, plain, file.number, lang, path_to(language, "redaction.file", **place), "")
        return replace(view, about="PDF")
    return None


def _options(language: str, name: str, offered: Iterable[str], chosen: str) -> list[Option]:
    words = choices(language, name)
    return [Option(str(value), words[value], "", value == chosen) for value in offered]


def _excerpt(text: str, span: RedactionSpan) -> list[TextPart]:
    """What was found, with a few words around it."""
    start, end = max(0, span.start - CONTEXT), min(len(text), span.end + CONTEXT)
    parts = marked(text[start:end], [(span.start - start, span.end - start)])
    before = [TextPart("… ", marked=False)] if start else []
    return [*before, *parts, *([TextPart(" …", marked=False)] if end < len(text) else [])]


def _found(language: str, text: str, spans: Sequence[RedactionSpan]) -> list[str]:
    """`Name of the applicant: «Ada», may be one; left to you to cover`: a line for each kind."""
    gettext = translations(language).ugettext
    kinds: dict[str, list[RedactionSpan]] = {}
    for span in spans:
        kinds.setdefault(span.kind, []).append(span)
    lines = []
    for kind, found in kinds.items():
        said = in_quotes(words_at(text, [(span.start, span.end) for span in found]))
        notes = [] if any(span.sure for span in found) else [gettext("may be one")]
        notes += [gettext("left to you to cover")] if any(span.left for span in found) else []
        lines.append("; ".join([f"{choices(language, 'leaks')[kind]}: {said}", *notes]))
    return lines


def named(language: str, found: FullRedaction, name: str) -> str:
    """The text or the file that a field of the form is about."""
    what, _, which = name.partition(".")
    if what in {"file", "instead"}:
        titles = {str(each.number): each.title for each in found.files}
        return titles.get(which) or translations(language).ugettext("File {n}").format(n=which)
    each = next(each for each in found.texts if each.place == which)
    return place_of(language, found, each, found.sections)


def place_of(
    language: str,
    found: FullRedaction,
    each: RedactionText,
    sections: Mapping[str, Mapping[str, object]],
) -> str:
    """`Need · What problem do you want to solve?`, or what a file is said to show."""
    if not each.section:
        number = int(each.field.partition(".")[0])
        return translations(language).ugettext("File {n}: what it shows").format(n=number)
    section = choices(language, "sections")[each.section]
    return f"{section} · {place_in_words(language, each.section, each.field, sections[each.section])}"
