"""Reading away from a screen: a reviewer's texts as one PDF, and a sheet to score on by hand."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from app.api.problems import language_wished
from app.reviews.papers import sheet_paper, texts_paper
from app.web.actors import AsReviewer
from app.web.clock import Now
from app.web.later import pdf_later
from app.web.sender import sender_for
from app.web.session import Db

router = APIRouter(prefix="/calls/{call}", tags=["reviews"])
Part = Annotated[int, Query(ge=1, le=1000, description="Which file: each holds sixty applications at most.")]
SENDS_A_PDF: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/texts.pdf", name="api.reviews.texts", response_class=Response, responses=SENDS_A_PDF)
def texts_pdf(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, part: Part = 1
) -> Response:
    """All that one is still to score and may read, in one's own order; 409 unless reviewing is open."""
    language = language_wished(request)
    made = texts_paper(session, reviewer, part, language, sender_for(request, language), now)
    return pdf_later(f"{call}-{part}.pdf", made)


@router.get("/sheet.pdf", name="api.reviews.sheet", response_class=Response, responses=SENDS_A_PDF)
def sheet_pdf(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, part: Part = 1
) -> Response:
    """A sheet to score the same applications on by hand; 409 unless reviewing is open."""
    language = language_wished(request)
    made = sheet_paper(session, reviewer, part, language, sender_for(request, language), now)
    return pdf_later(f"{call}-sheet-{part}.pdf", made)
