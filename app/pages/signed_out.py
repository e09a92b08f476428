"""A session that ended under somebody who was typing: the text is on the page, and can be sent from there.

Nothing of it is stored: whoever sent it is nobody until they sign in, so it goes back where it came from.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from app.messages.answers import shown
from app.pages.answer_views import in_lines
from app.pages.page import Page, path_to
from app.pages.section_form import Given, given_answers
from app.sections.catalogue import CATALOGUE
from app.web.actors import is_shared_computer
from app.web.language import language_of

CARRIED = frozenset({"version", "text_version", "part", "back", "seen", "refused", "number"})
"""What forms carry beside what people type."""
DOES_MORE = frozenset({"send", "next", "aside", "take-up", "take-theirs", "read"})
"""Presses that save and do something else, or do not save: a button that says "save" must not repeat them."""


@dataclass(frozen=True, slots=True)
class CarriedField:
    """One field as it was sent."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class TypedText:
    """One answer as it was typed, to be read and copied."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class SignedOut(Page):
    """The typed text, with the way to sign in beside it and a button that saves it, and does nothing else.

    `sends`: the press that was made would have sent it to others, and is still to be made.
    """

    template = "errors/signed_out.html"
    action: str
    sign_in_href: str
    sends: bool
    fields: Sequence[CarriedField]
    texts: Sequence[TypedText]


@dataclass(frozen=True, kw_only=True)
class SignedOutNote(Page):
    """The same for a page that is still there, with its text in its fields."""

    template = "errors/signed_out_note.html"
    sign_in_href: str
    shared: bool


@dataclass(frozen=True, kw_only=True)
class TypedIntoNothing(Page):
    """The typed text of somebody who finds nothing at its address any more: the same for every stranger."""

    template = "errors/lost.html"
    texts: Sequence[TypedText]


def lost_page(request: Request, given: Given) -> TypedIntoNothing:
    """A page with what was typed, to be copied."""
    return TypedIntoNothing(texts=list(_texts(request, given)))


def holds_text(given: Given) -> bool:
    """Whether somebody typed into a form that says which version it changes: what people write at length."""
    return "version" in given and any(value for name, value in given.items() if _is_typed(name))


def _is_typed(name: str) -> bool:
    return name not in CARRIED and not name.startswith("_")


def _does_more(name: str, value: str) -> bool:
    return name == "_action" and value in DOES_MORE


def signed_out_page(request: Request, given: Given) -> SignedOut:
    """A page with all that was sent."""
    return SignedOut(
        action=request.scope["path"] + (f"?{request.url.query}" if request.url.query else ""),
        sign_in_href=_sign_in_href(request),
        sends=given.get("_action") == "send",
        fields=[CarriedField(name, value) for name, value in _flat(given) if not _does_more(name, value)],
        texts=list(_texts(request, given)),
    )


def signed_out_note(request: Request) -> Response:
    """A panel above the form, which stays as it is."""
    note = SignedOutNote(sign_in_href=_sign_in_href(request), shared=is_shared_computer(request))
    response = note.response(request, 401)
    response.headers["HX-Retarget"] = "#session"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _sign_in_href(request: Request) -> str:
    """Signing in happens in another tab, which then says where to go on."""
    language, done = language_of(request), "signed_in_again"
    return f"{path_to(language, 'sign_in.edit')}?" + urlencode(
        {"next": f"{path_to(language, 'my.home')}?done={done}"}
    )


def _flat(given: Given) -> Iterator[tuple[str, str]]:
    for name, value in given.items():
        for each in value if isinstance(value, list) else [value]:
            yield name, each


def _texts(request: Request, given: Given) -> Iterator[TypedText]:
    section = CATALOGUE.get(request.path_params.get("section", ""))
    part = section.part(str(given.get("part", ""))) if section else None
    if section is None or part is None:
        for name, value in _flat(given):
            # A number by itself is a score or a box: without its label it says nothing.
            if _is_typed(name) and value.strip() and not value.strip().isdigit():
                yield TypedText("", value)
        return
    answers: Mapping[str, object] = given_answers(section, part, given)
    for answer in shown(language_of(request), section.code, answers):
        if not answer.empty:
            yield TypedText(answer.label, in_lines(answer))
