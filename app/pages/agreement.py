"""How far the reviewers agree, for coordinators once reviewing has closed."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.calls.titles import call_title, criterion_titles
from app.decisions.agreement import CriterionAgreement, agreement
from app.messages import formats
from app.messages.labels import choices
from app.pages.page import Page
from app.web.actors import AsCoordinator
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/desk/{call}/agreement")
GOOD, FAIR = 0.67, 0.4
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One criterion in words; shares are percent."""

    title: str
    pairs: int
    equal: str
    near: str
    alpha: str
    words: str


@dataclass(frozen=True, kw_only=True)
class AgreementShow(Page):
    """Agreement criterion by criterion, and what each number means."""

    template = "agreement/show.html"
    call: str
    call_title: str
    applications: int
    reviews: int
    rows: Sequence[AgreementRow]


@router.get("", name="agreement.show")
def show_agreement(request: Request, session: Db, coordinator: AsCoordinator, call: str) -> Response:
    found = agreement(session, coordinator)
    language = language_of(request)
    titles = criterion_titles(session, coordinator, language)
    return AgreementShow(
        call=call,
        call_title=call_title(session, coordinator, language),
        applications=found.applications,
        reviews=found.reviews,
        rows=[_row(language, titles[each.criterion], each) for each in found.criteria],
    ).response(request)


def _row(language: str, title: str, found: CriterionAgreement) -> AgreementRow:
    def share(count: int) -> str:
        return f"{round(100 * count / found.pairs)} %" if found.pairs else NOTHING

    alpha = found.alpha
    return AgreementRow(
        title=title,
        pairs=found.pairs,
        equal=share(found.equal),
        near=share(found.near),
        alpha=NOTHING if alpha is None else formats.number(language, f"{alpha:.2f}", 2),
        words=choices(language, "agreement")[_level(alpha)],
    )


def _level(alpha: float | None) -> str:
    if alpha is None:
        return "none"
    if alpha >= GOOD:
        return "good"
    return "fair" if alpha >= FAIR else "low"
