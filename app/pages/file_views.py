"""Files as pages show them: the picture itself, and documents by what they show."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Protocol

from fastapi import Path

from app.applications.coverings import FileHow
from app.applications.own_cleared import OwnCleared
from app.files.kinds import PREVIEW_WIDTH
from app.messages import formats, label, translations
from app.messages.labels import choices
from app.models.files import FileKind
from app.pages.leak_views import LeakView
from app.pages.page import path_to

SMALLEST = 1024
FileNumber = Annotated[int, Path(ge=1, le=99)]
"""Which file of a sending an address means."""


@dataclass(frozen=True, slots=True)
class FileView:
    """One file to be looked at. `preview` is the address of a small picture, empty where there is none;
    `page` says that it is a document's first page.

    `leaks` are what may give its owner away, where that is to be shown; `note` says what else became of it.
    """

    id: str
    title: str
    alt: str
    page: bool
    lang: str
    about: str
    href: str
    preview: str
    width: int
    height: int
    original: str = ""
    original_about: str = ""
    leaks: Sequence[LeakView] = ()
    note: str = ""


class Shown(Protocol):
    """What a read model of a file has, whoever reads it."""

    @property
    def kind(self) -> FileKind: ...
    @property
    def title(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def pages(self) -> int: ...


def file_view(
    language: str, file: Shown, number: int, lang: str, href: str, preview: str, size: int = 0
) -> FileView:
    """A file with its words; `lang` is the language of its title, where it is not the page's.

    A document has the size of its first page's picture, and none where there is no such picture.
    """
    width = min(file.width, PREVIEW_WIDTH)
    title = file.title or translations(language).ugettext("Nothing says yet what it shows")
    page = file.kind is FileKind.DOCUMENT
    return FileView(
        id=f"file-{number}",
        title=title,
        alt=translations(language).ugettext("First page: {title}").format(title=title) if page else title,
        page=page,
        lang=lang if file.title else "",
        about=about(language, file, size),
        href=href,
        preview=preview if width else "",
        width=width,
        height=round(file.height * width / file.width) if width else 0,
    )


def about(language: str, file: Shown, size: int = 0) -> str:
    """What it is in short: "PDF, 3 pages, 240 kB"."""
    ngettext = translations(language).ungettext
    parts = [label(language, file.kind)]
    if file.kind is FileKind.DOCUMENT:
        parts = ["PDF", ngettext("{n} page", "{n} pages", file.pages).format(n=file.pages)]
    return ", ".join([*parts, size_in_words(language, size)] if size else parts)


def size_in_words(language: str, size: int) -> str:
    """About how large it is."""
    gettext = translations(language).ugettext
    if size < SMALLEST * SMALLEST:
        return gettext("{n} kB").format(n=max(1, round(size / SMALLEST)))
    return gettext("{n} MB").format(n=formats.number(language, round(size / SMALLEST / SMALLEST, 1)))


def file_views(
    language: str,
    files: Iterable[Shown],
    written_in: str,
    href: Callable[[int], str],
    preview: Callable[[int], str],
) -> Sequence[FileView]:
    """All files of one sending; `href` and `preview` lead to a number."""
    lang = written_in if written_in != language else ""
    return [
        file_view(language, file, number, lang, href(number), preview(number))
        for number, file in enumerate(files, 1)
    ]


def as_read(language: str, ref: str, code: str, view: FileView, cleared: OwnCleared) -> FileView:
    """A file of one's own as reviewers get it: another copy where a coordinator had one made."""
    how = cleared.files.get(code, FileHow.CLEARED)
    if how is FileHow.CLEARED:
        return view
    note = choices(language, "file_reads")[how]
    copy = cleared.copies.get(code)
    if copy is None:
        return replace(view, note=note, preview="")
    address = path_to(language, "files.as_read", ref=ref, file=code)
    small = path_to(language, "files.as_read_preview", ref=ref, file=code)
    other = file_view(language, copy, 0, view.lang, address, small)
    return replace(other, id=view.id, title=view.title, alt=view.alt, leaks=view.leaks, note=note)
