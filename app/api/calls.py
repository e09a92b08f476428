"""Calls: what everybody may read, and the setup for those who run them."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict
from sqlmodel import Session

from app.accounts.actors import Coordinator
from app.api.bodies import Json
from app.api.locations import Locating
from app.api.paging import Listed, Paging
from app.api.versions import IfMatch, Tag, Tagging
from app.applications.actions import extend_for_all
from app.calls import actions
from app.calls.eligibility import EligibilityAnswers, Verdict, outcome_of
from app.calls.form import FormCriterion, FormSection
from app.calls.inputs import (
    CancellationInput,
    ChoicesInput,
    CloneInput,
    CriteriaInput,
    DatesInput,
    EligibilityInput,
    ExtensionInput,
    FaqInput,
    MoneyInput,
    NewCallInput,
    OrganisationInput,
    OrganisationsInput,
    RoundsInput,
    ScoringInput,
    SectionsInput,
    TextsInput,
)
from app.calls.method import hash_of_form
from app.calls.public import (
    PublicCall,
    PublicCallLine,
    PublicCheck,
    PublicFaq,
    public_call,
    public_calls,
    public_check,
    public_faq,
    public_form,
)
from app.calls.readiness import readiness
from app.calls.setup_view import CallSetup, setup_of
from app.decisions.open_ledger import OpenLedger, open_ledger
from app.decisions.results import results
from app.models.columns import Texts
from app.scoring.methods import Method, Strata
from app.sections.team import ApplicantKind
from app.web.actors import AsCoordinator, AsManager
from app.web.clock import Now
from app.web.session import Db

router = APIRouter(prefix="/calls", tags=["calls"])


class Questions(BaseModel):
    """Every question of a call, as they were frozen when it opened. `minutes` is about how long it takes."""

    minutes: int
    sections: list[FormSection]


class Rubric(BaseModel):
    """How applications are scored. `draw_commitment` is the SHA-256 of the seed that breaks the last ties,
    `method_hash` that of the canonical JSON of method, criteria (code, weight, ends of the scale), the
    order in which they break ties and, where it is so, of the groups that calibration knows (`strata`) and of
    its estimating what a review could not judge (`impute`) and drawing lots at its line (`lottery`); the
    ranking repeats it.
    """

    method: Method
    strata: Strata | None
    impute: bool
    lottery: bool
    method_hash: str
    criteria: list[FormCriterion]
    frozen_hash: str | None
    draw_commitment: str


class CheckObstacle(BaseModel):
    """One answer that stands in the way, how much, and where else to go if it does."""

    question: str
    answer: str
    verdict: Verdict
    elsewhere: Texts


class CheckResult(BaseModel):
    """What the eligibility check says: the worst that any answer says, as far as there are answers."""

    verdict: Verdict
    missing: list[str]
    obstacles: list[CheckObstacle]


class CallChange(BaseModel):
    """The parts of the setup that change; a part that is left out stays. Each given part is whole."""

    model_config = ConfigDict(extra="forbid")

    texts: TextsInput | None = None
    dates: DatesInput | None = None
    money: MoneyInput | None = None
    sections: SectionsInput | None = None
    choices: ChoicesInput | None = None
    eligibility: EligibilityInput | None = None
    scoring: ScoringInput | None = None


class MissingItem(BaseModel):
    """One thing that keeps the call from opening: where it is missing, and a code with its parameters."""

    field: str
    code: str
    params: dict[str, str | int]


@router.get("", name="api.calls.list")
def list_calls(session: Db, now: Now, paging: Paging) -> Listed[PublicCallLine]:
    """Every call that everybody may see: open ones, coming ones, then past ones."""
    lines = public_calls(session, now)
    return Listed(
        items=paging.of(lines),
        total=len(lines),
        limit=paging.limit,
        offset=paging.offset,
    )


@router.post("", name="api.calls.create", status_code=201)
def create_call(
    tag: Tagging, found_at: Locating, session: Db, who: AsManager, now: Now, given: Json[NewCallInput]
) -> CallSetup:
    """Make a call, which nobody else sees until it opens. Its maker becomes its coordinator."""
    call_id = actions.create_call(session, who, given, now)
    found_at("api.calls.setup", call=given.slug)
    return _setup(tag, session, Coordinator(who.person_id, call_id))


@router.get("/{call}", name="api.calls.show")
def show_call(tag: Tagging, session: Db, now: Now, call: str) -> PublicCall:
    """A call as everybody may read it."""
    found = public_call(session, call, now)
    tag(found.version)
    return found


@router.get("/{call}/questions", name="api.calls.questions")
def show_questions(session: Db, now: Now, call: str) -> Questions:
    """Every question with its limits, why it is asked, and whether reviewers see the answer."""
    form = public_form(session, call, now)
    return Questions(minutes=form.minutes, sections=form.sections)


@router.get("/{call}/criteria", name="api.calls.criteria")
def show_criteria(session: Db, now: Now, call: str) -> Rubric:
    """The criteria with weights, anchors and the order in which they break ties."""
    found, form = public_call(session, call, now), public_form(session, call, now)
    return Rubric(
        method=found.method,
        strata=found.strata,
        impute=found.impute,
        lottery=found.lottery,
        method_hash=hash_of_form(form),
        criteria=form.criteria,
        frozen_hash=found.frozen_hash,
        draw_commitment=form.draw_commitment,
    )


@router.get("/{call}/faq", name="api.calls.faq")
def show_faq(session: Db, call: str) -> PublicFaq:
    """What people ask about the call, and the answers."""
    return public_faq(session, call)


@router.get("/{call}/ledger", name="api.calls.ledger")
def show_ledger(session: Db, now: Now, call: str) -> OpenLedger:
    """Every act that moved the call on and when, the dates that were promised, and the figures once the
    results are public. For everybody: no application is named, and no person. 404 before it opened."""
    return open_ledger(session, results(session, call, now), now)


@router.get("/{call}/check", name="api.calls.check")
def show_check(session: Db, now: Now, call: str) -> PublicCheck:
    """The questions of the eligibility check, in the order in which they are asked."""
    return public_check(session, call, now)


def _asks(what: str) -> Any:
    return Query(description=f"{what} Only where the call asks it.")


async def answers_of(
    age: Annotated[Literal["yes", "no"] | None, _asks("Of the least age?")] = None,
    place: Annotated[Literal["yes", "partly", "no"] | None, _asks("Where the call is for?")] = None,
    kind: Annotated[ApplicantKind | None, _asks("Who applies?")] = None,
    amount: Annotated[Literal["no", "yes", "unsure"] | None, _asks("Is more needed?")] = None,
    started: Annotated[Literal["no", "partly", "yes"] | None, _asks("Has the work begun?")] = None,
    dates: Annotated[Literal["yes", "partly", "no"] | None, _asks("Free on the dates?")] = None,
) -> EligibilityAnswers:
    """The answers in an address. Not in a thread: there is nothing to wait for."""
    return EligibilityAnswers(age=age, place=place, kind=kind, amount=amount, started=started, dates=dates)


@router.get("/{call}/check/result", name="api.calls.check_result")
def show_check_result(
    session: Db, now: Now, call: str, answers: Annotated[EligibilityAnswers, Depends(answers_of)]
) -> CheckResult:
    """Whether the call is for whoever answers like this; `missing` are the questions that still wait.

    Nothing is stored. `elsewhere` says where else to go.
    """
    check = public_check(session, call, now)
    outcome = outcome_of(check.settings, check.questions, answers)
    return CheckResult(
        verdict=outcome.verdict,
        missing=[code for code in check.questions if code not in answers.given],
        obstacles=[
            CheckObstacle(
                question=each.question,
                answer=each.answer,
                verdict=each.weight,
                elsewhere=check.settings.elsewhere(each.question),
            )
            for each in outcome.obstacles
        ],
    )


@router.get("/{call}/setup", name="api.calls.setup")
def show_setup(tag: Tagging, session: Db, who: AsCoordinator) -> CallSetup:
    """The whole setup, with the version that every change must name."""
    return _setup(tag, session, who)


@router.get("/{call}/setup/missing", name="api.calls.missing")
def list_missing(session: Db, who: AsCoordinator, now: Now, paging: Paging) -> Listed[MissingItem]:
    """Everything that keeps the call from opening; empty when it may open."""
    missing = _missing(setup_of(session, who), now)
    return Listed(items=paging.of(missing), total=len(missing), limit=paging.limit, offset=paging.offset)


@router.patch("/{call}", name="api.calls.change")
def change_call(
    tag: Tagging, session: Db, who: AsCoordinator, now: Now, seen: IfMatch, given: Json[CallChange]
) -> CallSetup:
    """Save parts of the setup, all or none. 409 once the call has opened."""
    version = seen
    actions.check_version(session, who, version)
    saves: tuple[tuple[BaseModel | None, Callable[..., None]], ...] = (
        (given.texts, actions.save_texts),
        (given.dates, actions.save_dates),
        (given.money, actions.save_money),
        (given.sections, actions.save_sections),
        (given.choices, actions.save_choices),
        (given.eligibility, actions.save_eligibility),
        (given.scoring, actions.save_scoring),
    )
    for part, save in saves:
        if part is not None:
            save(session, who, version, part, now)
            version += 1
    return _setup(tag, session, who)


@router.put("/{call}/setup/criteria", name="api.calls.save_criteria")
def save_criteria(
    tag: Tagging, session: Db, who: AsCoordinator, now: Now, seen: IfMatch, given: Json[CriteriaInput]
) -> CallSetup:
    """All criteria, in order; those that are left out are removed."""
    actions.save_criteria(session, who, seen, given, now)
    return _setup(tag, session, who)


@router.put("/{call}/setup/faq", name="api.calls.save_faq")
def save_faq(
    tag: Tagging, session: Db, who: AsCoordinator, now: Now, seen: IfMatch, given: Json[FaqInput]
) -> CallSetup:
    """All questions and answers, in order, also while the call is open: then complete in every language."""
    actions.save_faq(session, who, seen, given, now)
    return _setup(tag, session, who)


@router.put("/{call}/setup/rounds", name="api.calls.save_rounds")
def save_rounds(
    tag: Tagging, session: Db, who: AsCoordinator, now: Now, seen: IfMatch, given: Json[RoundsInput]
) -> CallSetup:
    """All award rounds, in order; those that are left out are removed."""
    actions.save_rounds(session, who, seen, given, now)
    return _setup(tag, session, who)


@router.put("/{call}/setup/organisations", name="api.calls.choose_organisations")
def choose_organisations(
    tag: Tagging, session: Db, who: AsCoordinator, now: Now, seen: IfMatch, given: Json[OrganisationsInput]
) -> CallSetup:
    """The partner organisations of the call, by code, in order."""
    actions.choose_organisations(session, who, seen, given, now)
    return _setup(tag, session, who)


@router.post("/{call}/setup/organisations", name="api.calls.add_organisation", status_code=201)
def add_organisation(
    tag: Tagging, session: Db, who: AsCoordinator, now: Now, seen: IfMatch, given: Json[OrganisationInput]
) -> CallSetup:
    """A partner organisation that is not known here yet, chosen for this call at once."""
    actions.add_organisation(session, who, seen, given, now)
    return _setup(tag, session, who)


@router.post("/{call}/open", name="api.calls.open")
def open_call(tag: Tagging, session: Db, who: AsCoordinator, now: Now, seen: IfMatch) -> CallSetup:
    """Open the call and freeze what it promises. 422 with everything that is missing."""
    actions.open_call(session, who, seen, now)
    return _setup(tag, session, who)


@router.post("/{call}/extend", name="api.calls.extend")
def extend_deadline(
    tag: Tagging, session: Db, who: AsCoordinator, now: Now, seen: IfMatch, given: Json[ExtensionInput]
) -> CallSetup:
    """Move the closing to a later instant, with a reason; everybody with a draft is told by mail."""
    extend_for_all(session, who, seen, given, now)
    return _setup(tag, session, who)


@router.post("/{call}/cancel", name="api.calls.cancel")
def cancel_call(
    tag: Tagging, session: Db, who: AsCoordinator, now: Now, seen: IfMatch, given: Json[CancellationInput]
) -> CallSetup:
    """End the call for good, with a reason that everybody reads."""
    actions.cancel_call(session, who, seen, given, now)
    return _setup(tag, session, who)


@router.post("/{call}/clone", name="api.calls.clone", status_code=201)
def clone_call(
    tag: Tagging,
    found_at: Locating,
    session: Db,
    who: AsCoordinator,
    manager: AsManager,
    now: Now,
    given: Json[CloneInput],
) -> CallSetup:
    """A new call with the same setup, without dates, people or applications."""
    call_id = actions.clone_call(session, who, manager, given, now)
    found_at("api.calls.setup", call=given.slug)
    return _setup(tag, session, Coordinator(who.person_id, call_id))


def _setup(tag: Tag, session: Session, who: Coordinator) -> CallSetup:
    setup = setup_of(session, who)
    tag(setup.version)
    return setup


def _missing(setup: CallSetup, now: datetime) -> list[MissingItem]:
    return [
        MissingItem(
            field=each.name,
            code=each.code,
            params={name: value for name, value in each.params.items() if isinstance(value, str | int)},
        )
        for each in ([] if setup.locked else readiness(setup, now))
    ]
