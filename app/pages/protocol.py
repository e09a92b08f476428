"""The protocol of a decision: what it holds, its fingerprint, and its files."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.applications.readable import number_of
from app.calls.titles import call_title
from app.decisions.protocol import full_protocol, kept_protocols, read_protocol
from app.decisions.protocol_words import ProtocolWords, protocol_paper
from app.decisions.refusals import NotRecorded
from app.documents.protocol import Chapter
from app.errors import NotFound
from app.messages import formats, sentence
from app.pages.page import Page, path_to
from app.reviews.known_ties import other_coordinators
from app.wall import is_walled
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.downloads import HEADERS, disposition
from app.web.language import language_of
from app.web.later import pdf_later
from app.web.sender import sender_for
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/protocol")
DRAFT, STANDING = "draft", "with-addendum"


@dataclass(frozen=True, slots=True)
class KeptView:
    """One frozen protocol and its files."""

    number: int
    when: str
    digest: str
    standing: bool
    json_href: str
    pdf_href: str


@dataclass(frozen=True, kw_only=True)
class ProtocolShow(Page):
    """The protocol of the decision as it stands, in words; or one sentence why it is not there."""

    template = "protocol/show.html"
    call: str
    call_title: str
    refused: str
    alone: bool
    state: str
    digest: str
    json_href: str
    pdf_href: str
    chapters: Sequence[Chapter]
    kept: Sequence[KeptView]


@router.get("", name="protocol.show")
def show(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    language = language_of(request)
    kept = [
        KeptView(
            each.number,
            formats.moment(language, each.made_at),
            each.digest,
            each.standing,
            _href(language, "protocol.file", call, str(each.number)),
            _href(language, "protocol.pdf", call, str(each.number)),
        )
        for each in kept_protocols(session, coordinator)
    ]
    walled = is_walled(session)
    alone = walled and not other_coordinators(session, coordinator)
    code = "protocol.alone_behind_wall" if alone else "protocol.behind_wall"
    refused, words = sentence(language, code) if walled else "", None
    try:
        words = None if walled else ProtocolWords(full_protocol(session, coordinator), language)
    except NotRecorded as error:
        refused = sentence(language, error.code)
    protocol = words.protocol if words else None
    which = DRAFT if protocol and protocol.draft else str(protocol.number if protocol else 0)
    if protocol and protocol.addendum:
        which = STANDING
    return ProtocolShow(
        call=call,
        call_title=call_title(session, coordinator, language),
        refused=refused,
        alone=alone,
        state=words.state if words else "",
        digest=protocol.digest if protocol else "",
        json_href=_href(language, "protocol.file", call, which),
        pdf_href=_href(language, "protocol.pdf", call, which),
        chapters=words.chapters() if words else [],
        kept=kept,
    ).response(request)


@router.get("/{number}/protocol.json", name="protocol.file")
def download(session: Db, coordinator: AsCoordinator, call: str, number: str) -> Response:
    text = read_protocol(session, coordinator, _number(number))
    headers = HEADERS | {"Content-Disposition": disposition(_name(call, number, "json"))}
    return Response(text, media_type="application/json", headers=headers)


@router.get("/{number}/protocol.pdf", name="protocol.pdf")
def pdf(
    request: Request, session: Db, coordinator: AsCoordinator, now: Now, call: str, number: str
) -> Response:
    language = language_of(request)
    protocol = full_protocol(session, coordinator, _number(number))
    made = protocol_paper(protocol, language, sender_for(request, language), now)
    return pdf_later(_name(call, number, "pdf"), made)


def _number(given: str) -> int | None:
    """None asks for the draft, while nothing is frozen, and later for what stands with its addendum."""
    if given in (DRAFT, STANDING):
        return None
    number = number_of(given)
    if number < 1:
        raise NotFound
    return number


def _href(language: str, route: str, call: str, number: str) -> str:
    return path_to(language, route, call=call, number=number)


def _name(call: str, number: str, kind: str) -> str:
    return f"protocol-{call}-{number}.{kind}"
