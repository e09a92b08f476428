"""The redaction queue: what gives applicants away is covered before reviewers read it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from app.applications.actions import redacting
from app.applications.actions.redacting import LONGEST, DecisionsInput, TextDecision
from app.applications.coverings import FileHow, TextHow, covered
from app.applications.redaction import (
    FullRedaction,
    RedactionCounts,
    RedactionFile,
    RedactionLine,
    RedactionSpan,
    RedactionState,
    RedactionText,
    full_redaction,
    next_uncleared,
    read_redaction,
    redaction_list,
)
from app.applications.redaction_refusals import RedactionUndecided
from app.calls.titles import call_title
from app.database import session_on
from app.errors import Stale
from app.leaks.places import words_at
from app.messages import formats, sentence, translations
from app.messages.answers import call_names, with_activities
from app.messages.labels import choices
from app.messages.marked import TextPart, marked
from app.pages.changes import ChangeView, changes_in_words
from app.pages.file_views import FileView, file_view
from app.pages.forms import FieldView, Mistake, Option, element_id, typed
from app.pages.leak_views import in_quotes, place_in_words
from app.pages.page import Page, path_to, see_other
from app.pages.tables import ColumnView, RowView, TableView, TextCell
from app.sections.text import as_prose
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/redaction")
Typed = Annotated[dict[str, str | list[str]], Depends(typed)]

PER_PAGE = 50
CONTEXT = 60
"""Characters of a document's text that are shown on each side of what was found."""
HOWS = (TextHow.COVERED, TextHow.KEPT, TextHow.EDITED)
ORDER = (RedactionState.FOUND, RedactionState.CHANGED, RedactionState.PLAIN, RedactionState.CLEARED)


@dataclass(frozen=True, slots=True)
class FilterLink:
    """One state of the queue, with how many stand there; `here` is the one that is shown."""

    words: str
    count: int
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with the form that was pressed, for `ui/errors.html`."""

    summary: Sequence[Mistake]


@dataclass(frozen=True, slots=True)
class TextCard:
    """One text to decide on. `found` says what is marked, `how` and `words` are its two fields, of which
    the second is shown at once while it is `writing`."""

    id: str
    place: str
    parts: Sequence[TextPart]
    found: Sequence[str]
    how: FieldView
    words: FieldView
    writing: bool


@dataclass(frozen=True, slots=True)
class FileCard:
    """One file to decide on; `excerpts` are pieces of a document's text in which something was found."""

    id: str
    view: FileView
    found: Sequence[str]
    excerpts: Sequence[Sequence[TextPart]]
    how: FieldView


@dataclass(frozen=True, slots=True)
class OtherText:
    """A text in which nothing was found, and where it can be written another way."""

    place: str
    text: str
    change: str


@dataclass(frozen=True, kw_only=True)
class RedactionList(Page):
    """The queue; `plain` is how many can be cleared by one press."""

    template = "desk/redactions.html"
    call: str
    call_title: str
    sentence: str
    plain: int
    filters: Sequence[FilterLink]
    table: TableView | None
    earlier: str
    later: str


@dataclass(frozen=True, kw_only=True)
class RedactionShow(Page):
    """One application: what to decide, what reviewers would read, and the press that clears it."""

    template = "desk/redaction.html"
    call: str
    ref: str
    title: str
    lang: str
    state: str
    tone: str
    cleared: str
    number: int
    version: int
    also: str
    wrong: Wrong
    stale: str
    cards: Sequence[TextCard]
    files: Sequence[FileCard]
    changes: Sequence[ChangeView]
    others: Sequence[OtherText]


TONES = {
    RedactionState.FOUND: "warn",
    RedactionState.PLAIN: "info",
    RedactionState.CHANGED: "warn",
    RedactionState.CLEARED: "ok",
}


@router.get("", name="redaction.list")
def list_redactions(
    request: Request,
    session: Db,
    coordinator: AsCoordinator,
    call: str,
    state: Annotated[RedactionState | None, Query()] = None,
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    language = language_of(request)
    found = redaction_list(session, coordinator, state=state, limit=PER_PAGE, offset=start)
    after = start + PER_PAGE
    return RedactionList(
        call=call,
        call_title=call_title(session, coordinator, language),
        sentence=_counts_in_words(language, found.counts),
        plain=found.counts.plain,
        filters=_filters(language, call, found.counts, state),
        table=_table(language, call, found.lines) if found.lines else None,
        earlier=_query(request, max(0, start - PER_PAGE)) if start else "",
        later=_query(request, after) if after < found.total else "",
    ).response(request)


@router.post("", name="redaction.clear_plain")
def clear_plain(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, form: Typed
) -> Response:
    """All in which nothing was found, by one press that says how many they are."""
    cleared = redacting.clear_plain(session, coordinator, number_in(form, "count"), now)
    return see_other(request, "redaction.list", call=call, done="redaction_cleared_all", count=cleared)


@router.get("/{ref}", name="redaction.show")
def show_redaction(
    request: Request,
    coordinator: AsCoordinator,
    now: Now,
    call: str,
    ref: str,
    also: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Its marked words say who somebody is: each look is logged, in a short unit of its own."""
    with session_on(request.state.engine) as own, own.begin():
        found = read_redaction(own, coordinator, ref, now)
    return _page(language_of(request), call, found, {}, also).response(request)


@router.post("/{ref}", name="redaction.decide")
def decide(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, ref: str, form: Typed
) -> Response:
    """Keep what was decided; with the other button clear it and go on to the next."""
    language = language_of(request)
    found = full_redaction(session, coordinator, ref)
    also = _word(form, "also")
    given, problems = _decisions(language, found, form)
    clearing = _word(form, "_action") == "clear"
    if problems:
        return _page(language, call, found, form, also, problems).response(request, 422)
    seen = number_in(form, "version")
    try:
        version = redacting.decide_redaction(session, coordinator, ref, given, seen, now)
    except Stale:
        return _page(language, call, found, form, also, stale=True).response(request, 409)
    if not clearing:
        return see_other(request, "redaction.show", call=call, ref=ref, done="redaction_saved")
    try:
        redacting.clear_application(session, coordinator, ref, number=given.number, seen=version, now=now)
    except RedactionUndecided:
        found = full_redaction(session, coordinator, ref)
        return _page(language, call, found, form, also, _undecided(language, found)).response(request, 422)
    following = next_uncleared(session, coordinator, ref)
    if not following:
        return see_other(request, "redaction.list", call=call, done="redaction_cleared")
    return see_other(request, "redaction.show", call=call, ref=following, done="redaction_cleared")


# ------------------------------------------------------------------ what was pressed


def _decisions(
    language: str, found: FullRedaction, form: Mapping[str, str | list[str]]
) -> tuple[DecisionsInput, dict[str, str]]:
    """What the form says, and what is wrong with it: field -> sentence."""
    texts: dict[str, TextDecision | None] = {}
    problems: dict[str, str] = {}
    for each in found.texts:
        how = _word(form, f"how.{each.place}")
        written = _said(form, f"words.{each.place}")
        if written is None or how not in {"", *TextHow}:
            continue
        if how == TextHow.EDITED and len(written) > LONGEST:
            params = {"max_length": LONGEST}
            problems[f"words.{each.place}"] = sentence(language, "string_too_long", params)
        elif how != TextHow.EDITED and written != _proposed(each):
            problems[f"how.{each.place}"] = sentence(language, "redaction.also_written")
        elif how:
            text = written if how == TextHow.EDITED else ""
            texts[each.place] = TextDecision.model_construct(how=TextHow(how), text=text)
    files: dict[int, FileHow | None] = {
        each.number: FileHow(how)
        for each in found.files
        if (how := _word(form, f"file.{each.number}")) in set(FileHow)
    }
    number = number_in(form, "number")
    return DecisionsInput.model_construct(number=number, texts=texts, files=files), problems


def _undecided(language: str, found: FullRedaction) -> dict[str, str]:
    words = sentence(language, "redaction.undecided_here")
    return {
        **{f"how.{each.place}": words for each in found.texts if each.spans and each.how is None},
        **{f"file.{each.number}": words for each in found.files if each.how is None},
    }


def number_in(form: Mapping[str, str | list[str]], name: str) -> int:
    """A number that the page had put into the form; 0, which fits nothing, where it was tampered with."""
    value = _word(form, name)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0


def _word(form: Mapping[str, str | list[str]], name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _said(form: Mapping[str, str | list[str]], name: str) -> str | None:
    value = form.get(name)
    return as_prose(value) if isinstance(value, str) else None


def _proposed(each: RedactionText) -> str:
    """What stands in the field where one writes another text: what was written, or the covered text."""
    if each.how is TextHow.EDITED:
        return as_prose(each.reads)
    return as_prose(covered(each.text, [(span.start, span.end) for span in each.spans]))


# ------------------------------------------------------------------ what is shown


def _page(
    language: str,
    call: str,
    found: FullRedaction,
    given: Mapping[str, str | list[str]],
    also: str,
    problems: Mapping[str, str] | None = None,
    *,
    stale: bool = False,
) -> RedactionShow:
    problems = problems or {}
    sections = found.sections
    carded = [each for each in found.texts if each.spans or each.how or each.place == also]
    lang = found.language if found.language != language else ""
    cards = [_card(language, found, each, sections, given, problems) for each in carded]
    files = [_file_card(language, call, found, each, lang, given, problems) for each in found.files]
    names = with_activities(
        language, call_names(language, found.themes, found.priorities), sections.get("work_plan", {})
    )
    changes = changes_in_words(language, found.change, names) if found.change else []
    address = path_to(language, "redaction.show", call=call, ref=found.ref)
    return RedactionShow(
        call=call,
        ref=found.ref,
        title=found.title,
        lang=found.language,
        state=choices(language, "redaction_state")[found.state],
        tone=TONES[found.state],
        cleared=formats.moment(language, found.cleared_at) if found.cleared_at else "",
        number=found.number,
        version=found.version,
        also=also,
        wrong=Wrong([Mistake(f"#{element_id(name)}", words) for name, words in problems.items()]),
        stale=sentence(language, "stale") if stale else "",
        cards=cards,
        files=files,
        changes=changes,
        others=[
            OtherText(
                _place(language, found, each, sections),
                each.text,
                f"{address}?also={each.place}#{element_id(f'card.{each.place}')}",
            )
            for each in found.texts
            if each not in carded
        ],
    )


def _card(
    language: str,
    found: FullRedaction,
    each: RedactionText,
    sections: Mapping[str, Mapping[str, object]],
    given: Mapping[str, str | list[str]],
    problems: Mapping[str, str],
) -> TextCard:
    gettext = translations(language).ugettext
    how_name, words_name = f"how.{each.place}", f"words.{each.place}"
    how = _word(given, how_name) or (each.how or "")
    offered = [value for value in HOWS if each.spans or value is not TextHow.COVERED]
    written = _said(given, words_name)
    place = _place(language, found, each, sections)
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
            value=_proposed(each) if written is None else written,
            error=problems.get(words_name, ""),
            lang=found.language,
            rows=min(12, 2 + len(each.text) // 70),
        ),
        writing=how == TextHow.EDITED or not each.spans or words_name in problems or how_name in problems,
    )


def _file_card(
    language: str,
    call: str,
    found: FullRedaction,
    file: RedactionFile,
    lang: str,
    given: Mapping[str, str | list[str]],
    problems: Mapping[str, str],
) -> FileCard:
    name = f"file.{file.number}"
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
            label=translations(language).ugettext("What becomes of it?"),
            options=_options(language, "file_how", FileHow, _word(given, name) or (file.how or "")),
            error=problems.get(name, ""),
        ),
    )


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


def _place(
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


def _counts_in_words(language: str, counts: RedactionCounts) -> str:
    params = {
        "open": formats.number(language, counts.open),
        "cleared": formats.number(language, counts.cleared),
    }
    return sentence(language, "redaction.counts", params)


def _filters(
    language: str, call: str, counts: RedactionCounts, state: RedactionState | None
) -> list[FilterLink]:
    address = path_to(language, "redaction.list", call=call)
    words = choices(language, "redaction_state")
    whole = FilterLink(
        translations(language).ugettext("All of them"), counts.open + counts.cleared, address, state is None
    )
    return [
        whole,
        *(
            FilterLink(words[each], getattr(counts, each), f"{address}?state={each}", each is state)
            for each in ORDER
        ),
    ]


def _table(language: str, call: str, lines: Sequence[RedactionLine]) -> TableView:
    gettext = translations(language).ugettext
    states = choices(language, "redaction_state")
    columns = [
        ColumnView(gettext("Code")),
        ColumnView(gettext("Title")),
        ColumnView(gettext("State")),
        ColumnView(gettext("Places found"), number=True),
        ColumnView(gettext("Files"), number=True),
        ColumnView(gettext("Cleared on")),
    ]
    rows = [
        RowView(
            [
                TextCell(each.code, "", path_to(language, "redaction.show", call=call, ref=each.ref)),
                TextCell(each.title),
                TextCell(states[each.state]),
                TextCell(formats.number(language, each.found)),
                TextCell(formats.number(language, each.files)),
                TextCell(formats.moment(language, each.cleared_at) if each.cleared_at else "–"),
            ]
        )
        for each in lines
    ]
    return TableView("redactions", gettext("Applications"), columns, rows)


def _query(request: Request, start: int) -> str:
    return "?" + request.url.include_query_params(start=start).query
