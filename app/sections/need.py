"""The need: the problem, who benefits, who else matters."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field

from app.asking import Ask
from app.errors import Problem
from app.sections.answers import LongAnswers, Row
from app.sections.contacts import Link
from app.sections.limits import Limits
from app.sections.numbers import Whole
from app.sections.text import LINE, PROSE

BeneficiaryKind = Literal[
    "children", "teenagers", "youth", "families", "older", "disabled", "residents", "women", "newcomers",
    "professionals", "business", "everyone", "other",
]  # fmt: skip
Permit = Literal["no", "yes", "unsure"]
StakeholderKind = Literal["residents", "school", "akimat", "company", "ngo", "media", "other"]
StakeholderRole = Literal["helps", "permits", "objects"]
StakeholderState = Literal["agreed", "talking", "not_yet"]


class Beneficiaries(Row):
    """One group of people who benefit."""

    kind: Annotated[BeneficiaryKind, Ask("select", choices="beneficiary_kind", width="medium")]
    group: Annotated[str, Field(max_length=100), LINE, Ask(cap=100)]
    direct: Annotated[Whole, Ask("number", inputmode="numeric", width="short")]
    indirect: Annotated[Whole | None, Ask("number", optional=True, inputmode="numeric", width="short")] = None
    help: Annotated[str, Field(max_length=200), LINE, Ask(cap=200)]
    part: Annotated[str, Field(max_length=200), LINE, Ask(optional=True, cap=200)] = ""


class Source(Row):
    """Where something can be looked up."""

    link: Annotated[Link, LINE, Ask(cap=300, inputmode="url", spellcheck=False, capitals=False)]
    shows: Annotated[str, Field(max_length=100), LINE, Ask(optional=True, cap=100)] = ""


class Stakeholder(Row):
    """Somebody else who matters: by kind for reviewers, by name for the coordinator alone."""

    kind: Annotated[StakeholderKind, Ask("select", choices="stakeholder_kind", width="medium")]
    role: Annotated[StakeholderRole, Ask("select", choices="stakeholder_role", width="medium")]
    state: Annotated[StakeholderState, Ask("select", choices="stakeholder_state", width="medium")]
    gives: Annotated[str, Field(max_length=150), LINE, Ask(optional=True, cap=150)] = ""
    name: Annotated[
        str, Field(max_length=100), LINE, Ask(optional=True, cap=100, blind=False, spellcheck=False)
    ] = ""


class Need(LongAnswers):
    """Why the project is needed."""

    problem: Annotated[str, Field(max_length=3000), PROSE, Ask("textarea", cap=3000, guide=(150, 200))]
    evidence: Annotated[str, Field(max_length=2000), PROSE, Ask("textarea", cap=2000, guide=(80, 120))]
    sources: Annotated[list[Source], Ask("rows", optional=True, rows=(0, 3))] = Field(
        default_factory=list, max_length=3
    )
    beneficiaries: Annotated[list[Beneficiaries], Field(min_length=1, max_length=6), Ask("rows", rows=(1, 6))]
    permit: Annotated[Permit, Ask("radios", choices="permit")]
    stakeholders: Annotated[list[Stakeholder], Ask("rows", optional=True, rows=(0, 6))] = Field(
        default_factory=list, max_length=6
    )
    priorities: Annotated[list[str], Ask("checkboxes", optional=True, choices="priorities")] = Field(
        default_factory=list, max_length=3
    )
    priority_why: Annotated[str, Field(max_length=300), PROSE, Ask("textarea", optional=True, cap=300)] = ""

    @classmethod
    def broken(cls, need: Self, limits: Limits) -> Mapping[str, Problem]:
        """Priorities are the call's; who must give a permit is named among those who matter."""
        problems: dict[str, Problem] = {}
        if not set(need.priorities) <= set(limits.priorities):
            problems["priorities"] = ("choice.unknown", {})
        if need.permit == "yes" and all(each.role != "permits" for each in need.stakeholders):
            problems["stakeholders"] = ("need.permit_from_whom", {})
        return problems
