"""What applicants and reviewers will see, before the call opens: read only, with an invented project."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.calls.form import FormCriterion, form_of
from app.calls.form_views import SectionView, section_views
from app.calls.setup_view import CallSetup, setup_of
from app.messages import words_of
from app.messages.labels import choices
from app.pages.forms import FieldView
from app.pages.page import Page, text_in
from app.web.actors import AsCoordinator
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/{call}/setup/preview")


@dataclass(frozen=True, slots=True)
class PreviewTask:
    """One line of the applicant's task list."""

    id: str
    title: str
    href: str
    status: str
    tone: str
    detail: str


@dataclass(frozen=True, slots=True)
class ScalePoint:
    """One score with its words."""

    value: str
    label: str
    hint: str = ""
    checked: bool = False


@dataclass(frozen=True, slots=True)
class ScaleView:
    """One criterion's score card, as `ui/scale.html` wants it."""

    id: str
    name: str
    legend: str
    hint: str
    error: str
    points: Sequence[ScalePoint]
    cannot_judge: ScalePoint
    reason: FieldView


@dataclass(frozen=True, slots=True)
class InventedText:
    """A piece of the invented project."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class PreviewApplicant(Page):
    """The task list and every question."""

    template = "setup/preview_applicant.html"
    slug: str
    title: str
    tasks: Sequence[PreviewTask]
    sections: Sequence[SectionView]


@dataclass(frozen=True, kw_only=True)
class PreviewReviewer(Page):
    """Text and score cards side by side."""

    template = "setup/preview_reviewer.html"
    slug: str
    title: str
    texts: Sequence[InventedText]
    scales: Sequence[ScaleView]


@router.get("/applicant", name="setup.preview_applicant")
def applicant(request: Request, session: Db, who: AsCoordinator) -> Response:
    setup = setup_of(session, who)
    language = language_of(request)
    sections = section_views(form_of(setup), language)
    words = choices(language, "preview")
    return PreviewApplicant(
        slug=setup.slug,
        title=_title(setup, language),
        tasks=[
            PreviewTask(
                id=f"task-{each.code}",
                title=each.title,
                href=f"#section-{each.code}",
                status=words["not_started"],
                tone="info",
                detail=f"{words['minutes']}: {each.minutes}",
            )
            for each in sections
        ],
        sections=sections,
    ).response(request)


@router.get("/reviewer", name="setup.preview_reviewer")
def reviewer(request: Request, session: Db, who: AsCoordinator) -> Response:
    setup = setup_of(session, who)
    language = language_of(request)
    form = form_of(setup)
    invented = choices(language, "preview_texts")
    return PreviewReviewer(
        slug=setup.slug,
        title=_title(setup, language),
        texts=[
            InventedText(text_in(language, each.title), invented[each.code])
            for each in form.sections
            if each.code in invented
        ],
        scales=[_scale(each, language) for each in form.criteria],
    ).response(request)


def _title(setup: CallSetup, language: str) -> str:
    return text_in(language, setup.texts.title.stored) or setup.slug


def _scale(criterion: FormCriterion, language: str) -> ScaleView:
    words = choices(language, "preview")
    reason = words_of(language, "preview.reason")
    name = f"preview-{criterion.code}"
    return ScaleView(
        id=name,
        name=name,
        legend=f"{text_in(language, criterion.title)} ({criterion.weight} %)",
        hint=text_in(language, criterion.asks),
        error="",
        points=[
            ScalePoint(str(score), text_in(language, criterion.anchors.get(str(score))))
            for score in range(criterion.scale_min, criterion.scale_max + 1)
        ],
        cannot_judge=ScalePoint("none", words["cannot_judge"], words["cannot_judge_hint"]),
        reason=FieldView(
            id=f"{name}-reason",
            name=f"{name}-reason",
            control="textarea",
            label=reason.label,
            hint=reason.hint,
            rows=3,
        ),
    )
