"""Reading away from a screen: a reviewer's texts as one PDF, and a sheet to score on by hand."""

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from app.api.problems import language_wished
from app.documents.sender import sender_of
from app.reviews.papers import sheet_paper, texts_paper
from app.web.actors import AsReviewer
from app.web.clock import Now
from app.web.downloads import HEADERS, disposition
from app.web.later import Later
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
    sender = sender_of(language, request.state.programme.get(request.state.engine))
    return _file(f"{call}-{part}.pdf", texts_paper(session, reviewer, part, language, sender, now))


@router.get("/sheet.pdf", name="api.reviews.sheet", response_class=Response, responses=SENDS_A_PDF)
def sheet_pdf(
    request: Request, session: Db, reviewer: AsReviewer, now: Now, call: str, part: Part = 1
) -> Response:
    """A sheet to score the same applications on by hand; 409 unless reviewing is open."""
    language = language_wished(request)
    sender = sender_of(language, request.state.programme.get(request.state.engine))
    return _file(f"{call}-sheet-{part}.pdf", sheet_paper(session, reviewer, part, language, sender, now))


def _file(name: str, make: Callable[[], bytes]) -> Response:
    return Later(make, "application/pdf", HEADERS | {"Content-Disposition": disposition(name)})
