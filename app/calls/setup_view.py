"""The whole setup of a call as its coordinator reads it: each part has the shape in which it is given."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Select
from sqlalchemy import select as sql_select
from sqlmodel import Session, SQLModel, col, select

from app.accounts.actors import Coordinator
from app.calls.eligibility import stored_settings
from app.calls.inputs import (
    ChoiceInput,
    ChoicesInput,
    CriteriaInput,
    CriterionInput,
    DatesInput,
    EligibilityInput,
    FaqEntryInput,
    FaqInput,
    MoneyInput,
    OrganisationsInput,
    RoundInput,
    RoundsInput,
    ScoringInput,
    SectionsInput,
    TextsInput,
)
from app.calls.phase import Phase, phase
from app.calls.texts import ShortTexts
from app.errors import NotFound
from app.models.calls import AwardRound, Call, CallKind, Criterion
from app.models.panel import CallOrganisation, Organisation

_HEAD = ("slug", "ref_prefix", "kind", "version", "opened_at", "cancelled_at")
PHASE = (
    "opens_at",
    "closes_at",
    "grace_minutes",
    "opened_at",
    "reviewing_opened_at",
    "reviewing_closed_at",
    "decided_at",
    "published_at",
    "cancelled_at",
)
"""The columns that a phase is made of."""
_OWN = (*_HEAD, "sections", "themes", "priorities", "own_question", "faq", "eligibility")


class CallSetup(BaseModel):
    """Everything that is set up before a call opens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: str
    ref_prefix: str
    kind: CallKind
    version: int
    opened_at: datetime | None
    cancelled_at: datetime | None
    texts: TextsInput
    dates: DatesInput
    money: MoneyInput
    sections: SectionsInput
    choices: ChoicesInput
    eligibility: EligibilityInput
    faq: FaqInput
    criteria: CriteriaInput
    scoring: ScoringInput
    rounds: RoundsInput
    organisations: OrganisationsInput

    @property
    def locked(self) -> bool:
        """Whether nothing of it can change any more."""
        return self.opened_at is not None or self.cancelled_at is not None


def setup_of(session: Session, coordinator: Coordinator) -> CallSetup:
    """The setup of the coordinator's call; four queries, however long its lists are."""
    return read_setup(session, coordinator.call_id)


def read_setup(session: Session, call_id: int) -> CallSetup:
    """The setup of a call, for a caller who has already shown a right to it."""
    statement = columns_of(Call, _OWN, TextsInput, DatesInput, MoneyInput, ScoringInput)
    call = session.execute(statement.where(col(Call.id) == call_id)).mappings().one_or_none()
    if call is None:
        raise NotFound
    return CallSetup(
        **{name: call[name] for name in _HEAD},
        texts=TextsInput.model_validate({name: call[name] for name in TextsInput.model_fields}),
        dates=DatesInput(**{name: call[name] for name in DatesInput.model_fields}),
        money=MoneyInput(**{name: call[name] for name in MoneyInput.model_fields}),
        sections=SectionsInput(sections=[each["code"] for each in call["sections"]]),
        choices=ChoicesInput(
            themes=[ChoiceInput(**each) for each in call["themes"]],
            priorities=[ChoiceInput(**each) for each in call["priorities"]],
            own_question=ShortTexts(**call["own_question"].get("text", {})),
            own_answers=[ChoiceInput(**each) for each in call["own_question"].get("answers", ())],
        ),
        eligibility=stored_settings(call["eligibility"]),
        faq=faq_of(call["faq"]),
        criteria=criteria_of(session, call_id),
        scoring=ScoringInput(**{name: call[name] for name in ScoringInput.model_fields}),
        rounds=rounds_of(session, call_id),
        organisations=OrganisationsInput(organisations=organisation_codes(session, call_id)),
    )


def faq_of(stored: Iterable[dict[str, Any]]) -> FaqInput:
    """The questions and answers of a call."""
    return FaqInput(entries=[FaqEntryInput.model_validate(each) for each in stored])


def call_phase(session: Session, coordinator: Coordinator, now: datetime) -> Phase:
    """Where the coordinator's call stands."""
    row = session.execute(columns_of(Call, PHASE).where(col(Call.id) == coordinator.call_id)).one_or_none()
    if row is None:
        raise NotFound
    return phase(row, now)


def columns_of(
    table: type[SQLModel], names: Iterable[str] = (), *parts: type[BaseModel]
) -> Select[tuple[Any, ...]]:
    """A select of the named columns, and of those that are called like the fields of `parts`."""
    wanted = [*names, *(name for part in parts for name in part.model_fields)]
    return sql_select(*(getattr(table, name) for name in wanted))


def criteria_of(session: Session, call_id: int) -> CriteriaInput:
    """The criteria of a call in their order."""
    statement = columns_of(Criterion, (), CriterionInput).where(col(Criterion.call_id) == call_id)
    rows = session.execute(statement.order_by(col(Criterion.position))).mappings()
    return CriteriaInput(criteria=[CriterionInput.model_validate(dict(row)) for row in rows])


def rounds_of(session: Session, call_id: int) -> RoundsInput:
    """The award rounds of a call in their order."""
    statement = columns_of(AwardRound, (), RoundInput).where(col(AwardRound.call_id) == call_id)
    rows = session.execute(statement.order_by(col(AwardRound.position), col(AwardRound.id))).mappings()
    return RoundsInput(
        rounds=[
            RoundInput.model_validate({name: value for name, value in row.items() if value is not None})
            for row in rows
        ]
    )


def organisation_codes(session: Session, call_id: int) -> list[str]:
    """The codes of the call's partner organisations in their order."""
    return list(
        session.exec(
            select(col(Organisation.code))
            .join(CallOrganisation, col(CallOrganisation.organisation_id) == col(Organisation.id))
            .where(col(CallOrganisation.call_id) == call_id)
            .order_by(col(CallOrganisation.position))
        )
    )
