"""One's own picture and documents: add, describe, put in order, replace, remove, bring back, look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Applicant
from app.applications.actions.filing import (
    DOWN,
    LONGEST_TITLE,
    ROOM,
    UP,
    bring_back,
    change_title,
    check_room,
    move_file,
    remove_file,
    title_problem,
)
from app.applications.copies import counts_in_words
from app.applications.own import own_files
from app.applications.own_cleared import OwnCleared, own_cleared_files, own_read_file
from app.applications.own_files import kind_of, own_file
from app.applications.own_leaks import own_file_leaks
from app.applications.own_models import OwnFile, OwnFiles
from app.errors import Invalid, Problem, Stale, TooLarge
from app.files.kinds import MOST_BYTES
from app.messages import sentence, translations, words_of
from app.messages.flashes import flash_of
from app.models.files import FileKind
from app.pages.file_views import FileView, as_read, file_view
from app.pages.forms import FieldView, Mistake, typed
from app.pages.leak_views import LeakView, LeakViews
from app.pages.page import Page, path_to, see_other, wants_fragment
from app.web.actors import AsApplicant, AsUploader
from app.web.clock import Now
from app.web.downloads import sent
from app.web.language import language_of
from app.web.session import Db
from app.web.uploads import check_length, incoming, keep_file, reading

router = APIRouter(prefix="/apply/{ref}/files")
Typed = Annotated[dict[str, str | list[str]], Depends(typed)]

ACCEPTED = {
    FileKind.PICTURE: "image/jpeg,image/png,image/webp,image/heic,.heic",
    FileKind.DOCUMENT: "application/pdf",
}


@dataclass(frozen=True, slots=True)
class UploadView:
    """A form that takes one file; `title` asks what it shows, unless that is known already."""

    id: str
    action: str
    label: str
    hint: str
    error: str
    accept: str
    most: int
    button: str
    context: str
    title: FieldView | None


@dataclass(frozen=True, slots=True)
class CardView:
    """One file that is there, and all that can be done with it; `read` is what reviewers get in its stead."""

    code: str
    file: FileView
    name: str
    title: FieldView
    action: str
    version: int
    position: int
    up: bool
    down: bool
    replace: UploadView
    leaks: Sequence[LeakView]
    read: FileView | None


@dataclass(frozen=True, slots=True)
class SlotView:
    """A place for files of one kind; `add` is missing where it is full."""

    id: str
    title: str
    words: str
    cards: Sequence[CardView]
    add: UploadView | None
    full: str


@dataclass(frozen=True, slots=True)
class UndoView:
    """The file that was removed last."""

    words: str
    action: str
    focus: bool


@dataclass(frozen=True, kw_only=True)
class FilesList(Page):
    """The picture and the documents of an application."""

    template = "files/list.html"
    fragment = "files_list"
    ref: str
    counts: str
    slots: Sequence[SlotView]
    summary: Sequence[Mistake]
    undo: UndoView | None
    announced: str
    next_href: str
    next_words: str


@dataclass(frozen=True, slots=True)
class Refused:
    """What was wrong, and in which form: a kind's, or that of the file with this code. `title` was typed."""

    problem: Problem
    field: str
    kind: FileKind | None = None
    code: str = ""
    title: str | None = None


@router.get("", name="files.list")
def list_files(request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str) -> Response:
    own = own_files(session, applicant, ref, now)
    if not own.application.writable:
        return see_other(request, "applications.tasks", ref=ref)
    return _page(request, session, own).response(request)


@router.post("/picture", name="files.add_picture")
async def add_picture(request: Request, applicant: AsUploader, now: Now, ref: str) -> Response:
    return await _add(request, applicant, now, ref, FileKind.PICTURE)


@router.post("/document", name="files.add_document")
async def add_document(request: Request, applicant: AsUploader, now: Now, ref: str) -> Response:
    return await _add(request, applicant, now, ref, FileKind.DOCUMENT)


@router.post("/{file}/replace", name="files.replace")
async def replace(request: Request, applicant: AsUploader, now: Now, ref: str, file: str) -> Response:
    kind = await reading(request, lambda session: kind_of(session, applicant, ref, file))
    return await _add(request, applicant, now, ref, kind, replaces=file)


async def _add(
    request: Request, applicant: Applicant, now: datetime, ref: str, kind: FileKind, replaces: str = ""
) -> Response:
    """Who asks, whether there is room, and how large it will be are known before a byte is read."""
    await reading(request, lambda session: check_room(session, applicant, ref, kind, now, replaces))
    title = ""
    try:
        check_length(request)
        async with incoming(request) as got:
            title = got.fields.get("title", "")
            if not got.name and not got.size:
                raise Invalid({"file": "file.missing"})
            wrong = title_problem(kind, title)
            code = await keep_file(
                request, applicant, ref, kind, "" if wrong else title, got, now, replaces=replaces
            )
    except TooLarge:
        refused = Refused(("file.too_large", {}), "file", kind, replaces, title)
        return await _refused(request, applicant, ref, now, refused, 413)
    except Invalid as error:
        ((field, problem),) = error.fields.items()
        return await _refused(
            request, applicant, ref, now, Refused(problem, field, kind, replaces, title), 422
        )
    if wrong:
        # The file is kept: nobody has to send ten megabytes again for a sentence.
        refused = Refused(wrong, "title", kind, code, title)
        return await _refused(request, applicant, ref, now, refused, 422)
    return see_other(request, "files.list", ref=ref, done="file_added", anchor=f"card-{code}")


async def _refused(
    request: Request, applicant: Applicant, ref: str, now: datetime, refused: Refused, status: int
) -> Response:
    def page(session: Session) -> Response:
        return _page(request, session, own_files(session, applicant, ref, now), refused).response(
            request, status
        )

    return await reading(request, page)


@router.post("/{file}", name="files.change")
def change(
    request: Request, session: Db, applicant: AsApplicant, now: Now, ref: str, file: str, form: Typed
) -> Response:
    """Every button of a file that is there: its words, its place, removing it and bringing it back."""
    act, title = _one(form, "_action"), _one(form, "title")
    try:
        if act == "remove":
            remove_file(session, applicant, ref, file, now)
            return see_other(request, "files.list", ref=ref, done="file_removed", anchor="undo")
        if act == "undo":
            bring_back(session, applicant, ref, file, now)
            return see_other(request, "files.list", ref=ref, done="file_back", anchor=f"card-{file}")
        if act in {UP, DOWN}:
            move_file(session, applicant, ref, file, act, position=_number(form, "position"), now=now)
            return see_other(request, "files.list", ref=ref, done="file_moved", anchor=f"card-{file}")
        change_title(session, applicant, ref, file, title, version=_number(form, "version"), now=now)
    except Invalid as error:
        ((_, problem),) = error.fields.items()
        own = own_files(session, applicant, ref, now)
        return _page(request, session, own, Refused(problem, "title", None, file, title)).response(
            request, 422
        )
    except Stale as stale:
        own = own_files(session, applicant, ref, now)
        code = "file.title_changed" if isinstance(stale.current, str) else "stale"
        refused = Refused((code, {"theirs": stale.current}), "title", None, file, title or None)
        return _page(request, session, own, refused).response(request, 409)
    return see_other(request, "files.list", ref=ref, done="file_changed", anchor=f"card-{file}")


@router.get("/{file}", name="files.open")
def open_file(request: Request, session: Db, applicant: AsApplicant, ref: str, file: str) -> Response:
    return sent(request.state.store, own_file(session, applicant, ref, file))


@router.get("/{file}/preview", name="files.preview")
def open_preview(request: Request, session: Db, applicant: AsApplicant, ref: str, file: str) -> Response:
    return sent(request.state.store, own_file(session, applicant, ref, file, preview=True))


@router.get("/{file}/reviewers", name="files.as_read")
def open_as_read(request: Request, session: Db, applicant: AsApplicant, ref: str, file: str) -> Response:
    """The copy that reviewers get, once a coordinator has cleared it."""
    return sent(request.state.store, own_read_file(session, applicant, ref, file))


@router.get("/{file}/reviewers/preview", name="files.as_read_preview")
def open_as_read_preview(
    request: Request, session: Db, applicant: AsApplicant, ref: str, file: str
) -> Response:
    return sent(request.state.store, own_read_file(session, applicant, ref, file, preview=True))


@router.get("/{file}/original", name="files.original")
def open_original(request: Request, session: Db, applicant: AsApplicant, ref: str, file: str) -> Response:
    return sent(request.state.store, own_file(session, applicant, ref, file, original=True))


# ---------------------------------------------------------------- the page


def _page(request: Request, session: Session, own: OwnFiles, refused: Refused | None = None) -> FilesList:
    language = language_of(request)
    ref = own.application.ref
    gettext = translations(language).ugettext
    titles = {file.code: file.title for file in own.files}
    found = LeakViews(language, own_file_leaks(session, own), {}, titles, ref, "files")
    cleared = own_cleared_files(session, ref, own.files)
    slots = [
        _slot(language, own, kind, refused, found, cleared) for kind in (FileKind.PICTURE, FileKind.DOCUMENT)
    ]
    done = request.query_params.get("done", "")
    back = request.query_params.get("back") == "check"
    return FilesList(
        ref=ref,
        counts=counts_in_words(language, own.application),
        slots=slots,
        summary=_summary(language, refused),
        undo=_undo(language, own, focus=done == "file_removed"),
        announced=flash_of(language, done) if wants_fragment(request) else "",
        next_href=path_to(language, "applications.check" if back else "applications.tasks", ref=ref),
        next_words=gettext("Back to checking") if back else gettext("Back to the sections"),
    )


def _slot(
    language: str,
    own: OwnFiles,
    kind: FileKind,
    refused: Refused | None,
    found: LeakViews,
    cleared: OwnCleared,
) -> SlotView:
    gettext = translations(language).ugettext
    files = [file for file in own.files if file.kind is kind]
    picture, room = kind is FileKind.PICTURE, ROOM[kind] - len(files)
    return SlotView(
        id=kind,
        title=gettext("One picture or sketch") if picture else gettext("Documents as PDF"),
        words=gettext("Your place, your idea drawn by hand, something like it that works elsewhere.")
        if picture
        else gettext("Up to three: a plan, a survey, a letter of support. Cover the names in letters first."),
        cards=[_card(language, own, file, files, refused, found, cleared) for file in files],
        add=_upload(language, own.application.ref, kind, refused) if room > 0 else None,
        full="" if picture or room > 0 else gettext("This is full: remove or replace one to add another."),
    )


def _card(
    language: str,
    own: OwnFiles,
    file: OwnFile,
    files: Sequence[OwnFile],
    refused: Refused | None,
    found: LeakViews,
    cleared: OwnCleared,
) -> CardView:
    ref, at = own.application.ref, files.index(file)
    place = {"ref": ref, "file": file.code}
    lang = own.application.language if own.application.language != language else ""
    mine = refused if refused is not None and refused.code == file.code else None
    view = file_view(
        language,
        file,
        at + 1,
        lang,
        path_to(language, "files.open", **place),
        path_to(language, "files.preview", **place),
        file.size,
    )
    read = as_read(language, ref, file.code, view, cleared)
    return CardView(
        code=file.code,
        file=view,
        name=file.name,
        title=_title_field(
            language, file.kind, file.code, file.title, lang, mine if mine and mine.field == "title" else None
        ),
        action=path_to(language, "files.change", **place),
        version=file.version,
        position=file.position,
        up=at > 0,
        down=at < len(files) - 1,
        replace=_upload(language, ref, file.kind, mine, file),
        leaks=found.of_file(file.code),
        read=replaced(read, id=f"read-{at + 1}") if read is not view else None,
    )


def _upload(
    language: str, ref: str, kind: FileKind, refused: Refused | None, file: OwnFile | None = None
) -> UploadView:
    words = words_of(language, f"files.{kind}")
    code = file.code if file else ""
    mine = refused if refused and (refused.kind, refused.code) == (kind, code) else None
    return UploadView(
        id=_upload_id(kind, code),
        action=path_to(language, "files.replace", ref=ref, file=code)
        if file
        else path_to(language, f"files.add_{kind}", ref=ref),
        label=words.label,
        hint=words.hint,
        error=sentence(language, *mine.problem) if mine and mine.field == "file" else "",
        accept=ACCEPTED[kind],
        most=MOST_BYTES,
        button=_button(language, kind, there=file is not None),
        context=file.title if file else "",
        title=None if file else _title_field(language, kind, f"new-{kind}", "", "", mine),
    )


def _button(language: str, kind: FileKind, *, there: bool) -> str:
    gettext = translations(language).ugettext
    if there:
        return gettext("Replace it")
    return gettext("Add the picture") if kind is FileKind.PICTURE else gettext("Add the document")


def _upload_id(kind: FileKind, code: str) -> str:
    return f"f-{code or kind}"


def _title_field(
    language: str, kind: FileKind, place: str, value: str, lang: str, refused: Refused | None
) -> FieldView:
    words = words_of(language, f"files.{kind}_title")
    title = refused.title if refused and refused.title is not None else value
    return FieldView(
        id=f"f-title-{place}",
        name="title",
        control="textarea" if kind is FileKind.PICTURE else "text",
        label=words.label,
        hint=words.hint,
        value=title,
        error=sentence(language, *refused.problem) if refused and refused.field == "title" else "",
        cap=LONGEST_TITLE[kind],
        rows=2,
        lang=lang,
    )


def _summary(language: str, refused: Refused | None) -> Sequence[Mistake]:
    if refused is None:
        return []
    place = refused.code or f"new-{refused.kind}"
    href = f"#f-title-{place}"
    if refused.field == "file" and refused.kind is not None:
        href = f"#{_upload_id(refused.kind, refused.code)}"
    return [Mistake(href, sentence(language, *refused.problem))]


def _undo(language: str, own: OwnFiles, *, focus: bool) -> UndoView | None:
    file = own.removed
    if file is None or sum(each.kind is file.kind for each in own.files) >= ROOM[file.kind]:
        return None
    words = translations(language).ugettext("Removed: {name}").format(name=file.title or file.name)
    return UndoView(words, path_to(language, "files.change", ref=own.application.ref, file=file.code), focus)


def _one(form: Mapping[str, str | list[str]], name: str) -> str:
    value = form.get(name, "")
    return value[-1] if isinstance(value, list) else value


def _number(form: Mapping[str, str | list[str]], name: str) -> int:
    value = _one(form, name)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1
