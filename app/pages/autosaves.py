"""What every form that saves itself shares: what an autosave answers, and why nothing is saved any more."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from fastapi.responses import Response

from app.errors import DomainError, Invalid
from app.messages import formats, sentence, translations
from app.pages.beside import NOTHING, Beside
from app.pages.conflicts import ConflictView
from app.pages.forms import number, one
from app.pages.page import Page
from app.pages.section_form import Given
from app.web.language import language_of


@dataclass(frozen=True, slots=True)
class UndoView:
    """The row that was removed last, to be brought back."""

    words: str
    value: str
    focus: bool


@dataclass(frozen=True, slots=True)
class RefusalView:
    """Why nothing can be saved here any more, and where the answers that were saved can be read."""

    words: str
    code: str
    copy_href: str


@dataclass(frozen=True, kw_only=True)
class SectionSaved(Page):
    """What an autosave answers: the status line, the new version, and what follows from the answers."""

    template = "applications/saved.html"
    words: str
    saved: bool
    version: int
    beside: Beside


@dataclass(frozen=True, kw_only=True)
class SectionConflict(Page):
    """What an autosave answers when somebody else saved in between."""

    template = "applications/conflict.html"
    conflict: ConflictView


@dataclass(frozen=True, kw_only=True)
class SectionRefused(Page):
    """What an autosave answers when nothing can be saved here any more; `line` stands where "Saved" stood."""

    template = "applications/refused.html"
    refusal: RefusalView
    line: str


def saved_answer(request: Request, version: int, now: datetime, beside: Beside = NOTHING) -> Response:
    """All is saved."""
    words = saved_in_words(language_of(request), now)
    return SectionSaved(words=words, saved=True, version=version, beside=beside).response(request)


def saved_in_words(language: str, at: datetime) -> str:
    """The line that lets people stop."""
    words = translations(language).ugettext("Saved {time}. You can close this page.")
    return words.format(time=formats.clock(at))


def unfit_answer(request: Request, form: Given, error: Invalid) -> Response:
    """What was typed is so long, or has so many rows, that not even a draft holds it."""
    words = sentence(language_of(request), *next(iter(error.fields.values())))
    version = number(form, "version")
    return SectionSaved(words=words, saved=False, version=version, beside=NOTHING).response(request, 422)


def conflict_answer(request: Request, conflict: ConflictView) -> Response:
    """Both versions of what was typed, to be chosen between."""
    return _in_conflict_place(SectionConflict(conflict=conflict).response(request, 409))


def conflict_again(request: Request, form: Given) -> Response:
    """The choice is already on the page: it must not take the focus from who types on."""
    words = translations(language_of(request)).ugettext("Not saved: choose one of the two versions.")
    version = number(form, "version")
    return SectionSaved(words=words, saved=False, version=version, beside=NOTHING).response(request, 409)


def refused_answer(request: Request, form: Given, refused: DomainError, copy_href: str) -> Response:
    """Nothing can be saved here any more. It is said once, not at every pause of whoever types on."""
    line = translations(language_of(request)).ugettext("Not saved")
    if one(form, "refused") == refused.code:
        version = number(form, "version")
        return SectionSaved(words=line, saved=False, version=version, beside=NOTHING).response(request, 409)
    page = SectionRefused(refusal=refusal_view(language_of(request), refused, copy_href), line=line)
    return _in_conflict_place(page.response(request, 409))


def refusal_view(language: str, refused: DomainError, copy_href: str) -> RefusalView:
    """A refusal in words."""
    return RefusalView(sentence(language, refused.code, refused.params), refused.code, copy_href)


def typed_as_text(name: str, text: str) -> Response:
    """What stands on the page, saved or not, as a file: for when it can be saved no more."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.txt"'}
    return Response(text, media_type="text/plain; charset=utf-8", headers=headers)


def _in_conflict_place(response: Response) -> Response:
    response.headers["HX-Retarget"] = "#conflict"
    response.headers["HX-Reswap"] = "innerHTML"
    return response
