"""Reading away from a screen: all texts as one PDF, and a sheet to score on by hand."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.reviews.papers import sheet_paper, texts_paper
from app.web.actors import AsReviewer
from app.web.clock import Now
from app.web.language import language_of
from app.web.later import pdf_later
from app.web.sender import sender_for
from app.web.session import Db

router = APIRouter(prefix="/review")
Part = Annotated[int, Query(ge=1, le=1000)]


@router.get("/{call}/texts.pdf", name="reviews.texts")
def texts_pdf(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, part: Part = 1
) -> Response:
    language = language_of(request)
    made = texts_paper(session, reviewer, part, language, sender_for(request, language), now)
    return pdf_later(f"{call}-{part}.pdf", made)


@router.get("/{call}/sheet.pdf", name="reviews.sheet")
def sheet_pdf(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, part: Part = 1
) -> Response:
    language = language_of(request)
    made = sheet_paper(session, reviewer, part, language, sender_for(request, language), now)
    return pdf_later(f"{call}-sheet-{part}.pdf", made)
