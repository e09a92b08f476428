"""Reading away from a screen: all texts as one PDF, and a sheet to score on by hand."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from app.accounts.actors import Reviewer
from app.documents.packets import PacketText, SheetCriterion, Taken, packet_pdf, sheet_pdf
from app.documents.sender import Sender, sender_of
from app.messages import formats
from app.messages.answers import in_language
from app.messages.labels import choices
from app.pages.review_texts import text_answers
from app.reviews.taking import OwnTexts, own_texts
from app.web.actors import AsReviewer
from app.web.clock import Now
from app.web.downloads import HEADERS, disposition
from app.web.language import language_of
from app.web.later import Later
from app.web.session import Db

router = APIRouter(prefix="/review")
Part = Annotated[int, Query(ge=1, le=1000)]


@router.get("/{call}/texts.pdf", name="reviews.texts")
def texts_pdf(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, part: Part = 1
) -> Response:
    language, own, taken, sender = _taken(request, session, reviewer, now, part)
    titles = choices(language, "sections")
    texts = [
        PacketText(
            language,
            each.language,
            each.code,
            each.title,
            [
                (titles[section], answers)
                for section, answers in text_answers(
                    language, own.themes, own.priorities, each.sections
                ).items()
            ],
        )
        for each in own.texts
    ]
    return _file(f"{call}-{part}.pdf", lambda: packet_pdf(taken, texts, sender))


@router.get("/{call}/sheet.pdf", name="reviews.sheet")
def sheet(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, part: Part = 1
) -> Response:
    language, own, taken, sender = _taken(request, session, reviewer, now, part)
    criteria = [
        SheetCriterion(
            in_language(language, each.title),
            each.weight,
            in_language(language, each.asks),
            [(score, in_language(language, anchor)) for score, anchor in each.anchors.items()],
        )
        for each in own.rubric
    ]
    texts = [(each.code, each.title, each.language) for each in own.texts]
    return _file(f"{call}-sheet-{part}.pdf", lambda: sheet_pdf(taken, texts, criteria, sender))


def _taken(
    request: Request, session: Session, reviewer: Reviewer, now: datetime, part: int
) -> tuple[str, OwnTexts, Taken, Sender]:
    language = language_of(request)
    own = own_texts(session, reviewer, part, now)
    taken = Taken(
        language=language,
        call=in_language(language, own.title),
        due=formats.moment(language, own.due_at) if own.due_at else "",
        missing=own.unanswered,
        at=now,
    )
    return language, own, taken, sender_of(language, request.state.programme.get(request.state.engine))


def _file(name: str, make: Callable[[], bytes]) -> Response:
    return Later(make, "application/pdf", HEADERS | {"Content-Disposition": disposition(name)})
