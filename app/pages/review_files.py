"""Reading away from a screen: all texts as one PDF, and a sheet to score on by hand."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.documents.sender import sender_of
from app.reviews.papers import sheet_paper, texts_paper
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
    language = language_of(request)
    sender = sender_of(language, request.state.programme.get(request.state.engine))
    return _file(f"{call}-{part}.pdf", texts_paper(session, reviewer, part, language, sender, now))


@router.get("/{call}/sheet.pdf", name="reviews.sheet")
def sheet(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, part: Part = 1
) -> Response:
    language = language_of(request)
    sender = sender_of(language, request.state.programme.get(request.state.engine))
    return _file(f"{call}-sheet-{part}.pdf", sheet_paper(session, reviewer, part, language, sender, now))


def _file(name: str, make: Callable[[], bytes]) -> Response:
    return Later(make, "application/pdf", HEADERS | {"Content-Disposition": disposition(name)})
