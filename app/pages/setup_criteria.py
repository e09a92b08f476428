"""The criteria of a call: their weights and order in one form, the words of each in another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.calls import actions
from app.calls.changing import CallStale
from app.calls.inputs import MOST_CRITERIA, CriteriaInput, CriterionInput
from app.calls.setup_view import CallSetup, setup_of
from app.errors import Invalid, NotFound
from app.messages import words_of
from app.messages.labels import choices
from app.pages.forms import FieldView, Form, Option, element_id, read_form, typed
from app.pages.page import Page, path_to, see_other, text_in
from app.pages.setup_forms import CriterionForm, WeightsForm, renamed
from app.pages.setup_part import Summary, part_page, version_in
from app.pages.texts import Group, flat, language_fields, text_group
from app.sections.catalogue import CATALOGUE
from app.web.actors import AsCoordinator
from app.web.clock import Now
from app.web.language import language_of
from app.web.session import Db

router = APIRouter(prefix="/{call}/setup/criteria")
Given = Annotated[dict[str, str | list[str]], Depends(typed)]
NEW = "new"


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion in the list, with its two fields."""

    code: str
    title: str
    href: str
    weight: FieldView
    tie_position: FieldView
    first: bool
    last: bool


@dataclass(frozen=True, kw_only=True)
class CriteriaList(Page):
    """All criteria with weights and order; `total` is what the stored weights add up to."""

    template = "setup/criteria.html"
    slug: str
    title: str
    version: int
    locked: bool
    rows: Sequence[CriterionRow]
    total: int
    stale: bool
    can_add: bool
    wrong: Summary


@router.get("", name="setup.criteria")
def list_criteria(request: Request, session: Db, who: AsCoordinator) -> Response:
    setup = setup_of(session, who)
    form = Form(WeightsForm, "criterion", language_of(request), _weights(setup))
    return _list(request, setup, form).response(request)


@router.post("", name="setup.save_criteria")
def save_criteria(request: Request, session: Db, who: AsCoordinator, now: Now, given: Given) -> Response:
    """Save weights and order, and do what the pressed button says: move one up or down, or remove it."""
    setup = setup_of(session, who)
    form = read_form(WeightsForm, "criterion", language_of(request), given)
    act, _, code = str(given.get("_action", "")).partition(":")
    try:
        changed = _acted(_weighted(setup, form.value()), act, code)
        actions.save_criteria(session, who, version_in(given), CriteriaInput(criteria=changed), now)
    except Invalid as error:
        names = {
            f"criteria.{index}.tie_position": f"tie_position.{each.code}"
            for index, each in enumerate(setup.criteria.criteria)
        }
        return _list(request, setup, form.refused(renamed(error, names))).response(request, 422)
    except CallStale as error:
        return _list(request, error.current, form, stale=True).response(request, 409)
    done = "criterion_removed" if act == "remove" else "saved"
    return see_other(request, "setup.criteria", call=setup.slug, done=done)


def _weighted(setup: CallSetup, given: WeightsForm) -> list[CriterionInput]:
    return [
        each.model_copy(
            update={
                "weight": given.weight.get(each.code, each.weight),
                "tie_position": given.tie_position.get(each.code, each.tie_position),
            }
        )
        for each in setup.criteria.criteria
    ]


def _acted(criteria: list[CriterionInput], act: str, code: str) -> list[CriterionInput]:
    place = next((index for index, each in enumerate(criteria) if each.code == code), None)
    if place is None:
        return criteria
    if act == "remove":
        kept = [each for each in criteria if each.code != code]
        order = sorted(kept, key=lambda each: each.tie_position)
        return [each.model_copy(update={"tie_position": order.index(each) + 1}) for each in kept]
    other = place + {"up": -1, "down": 1}.get(act, 0)
    if 0 <= other < len(criteria):
        criteria[place], criteria[other] = criteria[other], criteria[place]
    return criteria


def _weights(setup: CallSetup) -> dict[str, str | list[str]]:
    criteria = setup.criteria.criteria
    return flat(
        {
            "weight": {each.code: each.weight for each in criteria},
            "tie_position": {each.code: each.tie_position for each in criteria},
        }
    )


def _list(
    request: Request, setup: CallSetup, form: Form[WeightsForm], *, stale: bool = False
) -> CriteriaList:
    language = language_of(request)
    criteria = setup.criteria.criteria

    def field(name: str, code: str, title: str) -> FieldView:
        full = f"{name}.{code}"
        words = words_of(language, f"criterion.{name}")
        return FieldView(
            id=element_id(full),
            name=full,
            control="number",
            inputmode="numeric",
            width="short",
            label=f"{title}: {words.label}",
            value=str(form.given.get(full, "")),
            error=form.error(full),
            readonly=setup.locked,
        )

    rows = []
    for number, each in enumerate(criteria, 1):
        title = text_in(language, each.title.stored) or each.code
        rows.append(
            CriterionRow(
                code=each.code,
                title=title,
                href=path_to(language, "setup.criterion", call=setup.slug, criterion=each.code),
                weight=field("weight", each.code, title),
                tie_position=field("tie_position", each.code, title),
                first=number == 1,
                last=number == len(criteria),
            )
        )
    return CriteriaList(
        slug=setup.slug,
        title=text_in(language, setup.texts.title.stored) or setup.slug,
        version=setup.version,
        locked=setup.locked,
        rows=rows,
        total=sum(each.weight for each in criteria),
        stale=stale,
        can_add=not setup.locked and len(criteria) < MOST_CRITERIA,
        wrong=Summary(form.summary),
    )


@router.get("/{criterion}", name="setup.criterion")
def edit(request: Request, session: Db, who: AsCoordinator, criterion: str) -> Response:
    setup = setup_of(session, who)
    return _criterion(request, setup, criterion).response(request)


@router.post("/{criterion}", name="setup.save_criterion")
def save(
    request: Request, session: Db, who: AsCoordinator, now: Now, criterion: str, given: Given
) -> Response:
    setup = setup_of(session, who)
    if criterion != NEW:
        _found(setup, criterion)
        given = {**given, "code": criterion}
    form = read_form(CriterionForm, "criterion", language_of(request), given)
    try:
        criteria, place = _with(setup, criterion, form.value())
        actions.save_criteria(session, who, version_in(given), CriteriaInput(criteria=criteria), now)
    except Invalid as error:
        refused = form.refused(_at_the_form(error))
        return _criterion(request, setup, criterion, refused).response(request, 422)
    except CallStale as error:
        return _stale(request, error.current, criterion, form)
    if criterion == NEW:
        code = criteria[place].code
        return see_other(request, "setup.criterion", call=setup.slug, criterion=code, done="criterion_added")
    return see_other(request, "setup.criteria", call=setup.slug, done="saved")


def _with(setup: CallSetup, code: str, given: CriterionForm) -> tuple[list[CriterionInput], int]:
    """All criteria with this one's words changed, or with a new one at the end; and its place."""
    criteria = list(setup.criteria.criteria)
    words = {name: getattr(given, name) for name in ("title", "asks", "sections", "anchors")}
    if code == NEW:
        criteria.append(CriterionInput(code=given.code, tie_position=len(criteria) + 1, **words))
        return criteria, len(criteria) - 1
    place = next(index for index, each in enumerate(criteria) if each.code == code)
    on_scale = {str(score) for score in criteria[place].scores}
    words["anchors"] = {score: texts for score, texts in given.anchors.items() if score in on_scale}
    criteria[place] = criteria[place].model_copy(update=words)
    return criteria, place


def _at_the_form(error: Invalid) -> Invalid:
    """`criteria.3.code` is `code` of the form that was typed."""
    return renamed(
        error, {name: name.split(".", 2)[-1] for name in error.fields if name.startswith("criteria.")}
    )


def _stale(request: Request, setup: CallSetup, code: str, form: Form[CriterionForm]) -> Response:
    if code != NEW and all(each.code != code for each in setup.criteria.criteria):
        raise NotFound
    stored: Mapping[str, str | list[str]] = {} if code == NEW else _typed(_found(setup, code))
    return _criterion(request, setup, code, form, stored).response(request, 409)


def _found(setup: CallSetup, code: str) -> CriterionInput:
    for each in setup.criteria.criteria:
        if each.code == code:
            return each
    raise NotFound


def _typed(criterion: CriterionInput) -> dict[str, str | list[str]]:
    return flat(criterion.model_dump(include={"code", "title", "asks", "sections", "anchors"}))


def _criterion(
    request: Request,
    setup: CallSetup,
    code: str,
    form: Form[CriterionForm] | None = None,
    stored: Mapping[str, str | list[str]] | None = None,
) -> Page:
    language = language_of(request)
    existing = None if code == NEW else _found(setup, code)
    shown = form or Form(CriterionForm, "criterion", language, _typed(existing) if existing else {})
    return part_page(
        request,
        setup,
        shown,
        _groups(shown, setup, existing),
        words="setup.criterion",
        action=path_to(language, "setup.save_criterion", call=setup.slug, criterion=code),
        back=path_to(language, "setup.criteria", call=setup.slug),
        stored=stored,
    )


def _groups(form: Form[CriterionForm], setup: CallSetup, existing: CriterionInput | None) -> list[Group]:
    titles = choices(form.language, "sections")
    offered = [
        Option(code, titles[code])
        for code in setup.sections.sections
        if code in CATALOGUE and not CATALOGUE[code].identity
    ]
    fields = form.offering(sections=offered).fields
    head = [] if existing else [Group("", "", [fields["code"]])]
    groups = [
        *head,
        text_group(form, "title"),
        text_group(form, "asks", rows=3),
        Group("", "", [fields["sections"]]),
    ]
    scale = existing.scores if existing else range(1, 6)
    words, score_words = (
        words_of(form.language, "criterion.anchors"),
        words_of(form.language, "criterion.score"),
    )
    for score in scale:
        view = replace(fields["anchors"], cap=None)
        legend = f"{score_words.label} {score}"
        groups.append(
            Group(
                legend,
                words.hint if score == scale[0] else "",
                language_fields(form, view, f"anchors.{score}", rows=2),
            )
        )
    return groups
