"""The questions of a call as files, kept for as long as the call does not change."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from app.calls.public import PublicCall, call_moment, public_call, public_form
from app.documents.press import NotMade
from app.documents.questions import Questions, questions_of, questions_pdf
from app.documents.sender import Sender, sender_of
from app.documents.word import questions_docx
from app.errors import TooMany
from app.messages import formats, translations
from app.models.panel import Programme
from app.pages.kept import KeptPage, document_response, kept_document
from app.pages.page import text_in
from app.web.language import language_of

MAKERS: dict[str, tuple[str, Callable[[Questions, Sender], bytes]]] = {
    "pdf": ("application/pdf", questions_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", questions_docx),
}


def question_file(request: Request, session: Session, now: datetime, call: str, kind: str) -> Response:
    """The file of one kind. A call in preparation has none, as it has no page."""
    kept = _file(request, session, now, call, kind)
    return document_response(request, kept, MAKERS[kind][0], f"{call}-{language_of(request)}.{kind}")


def file_size(request: Request, session: Session, now: datetime, call: str, kind: str) -> str:
    """How large the file is, in words, for the link to it; nothing where it cannot be made now."""
    try:
        size = len(_file(request, session, now, call, kind).body)
    except (NotMade, TooMany):
        return ""
    return formats.file_size(language_of(request), size)


def _file(request: Request, session: Session, now: datetime, call: str, kind: str) -> KeptPage:
    language = language_of(request)
    version = call_moment(session, call, now).version

    def build(programme: Programme | None) -> bytes:
        found = public_call(session, call, now)
        questions = questions_of(
            public_form(session, call, now),
            language,
            slug=call,
            title=text_in(language, found.title),
            facts=_facts(language, found),
            at=found.opens_at,
        )
        return MAKERS[kind][1](questions, sender_of(language, programme))

    return kept_document(request, (call, version, language, kind), build)


def _facts(language: str, call: PublicCall) -> list[tuple[str, str]]:
    gettext = translations(language).ugettext
    facts = []
    if call.closes_at:
        moment = formats.moment(language, call.closes_at, ZoneInfo(call.timezone))
        facts.append((gettext("Deadline"), moment))
    if call.ceiling_minor is not None:
        facts.append((gettext("For one project, up to"), formats.euros(language, call.ceiling_minor)))
    return facts
