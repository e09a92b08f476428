"""The catalogue of sections: a call lists those it asks for, by code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from app.asking import asked
from app.sections.answers import LongAnswers
from app.sections.brief import Brief
from app.sections.budget import Budget
from app.sections.candidate import Candidate
from app.sections.motivation import Motivation
from app.sections.need import Need
from app.sections.own import Own
from app.sections.sustainability import Sustainability
from app.sections.team import PERSONS, Team
from app.sections.work_plan import WorkPlan


@dataclass(frozen=True, slots=True)
class Part:
    """One page of a section's form: its code (for the address) and its questions."""

    code: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One section. `identity` sections name people and never reach reviewers.

    `minutes` is how long it takes, `criterion` the code of the default criterion that it feeds,
    `parts` the pages of its form in order, each question on exactly one.
    """

    code: str
    model: type[BaseModel]
    identity: bool
    minutes: int
    criterion: str | None
    parts: tuple[Part, ...]

    @property
    def long(self) -> bool:
        """Whether it ends with "Have you completed this section?"."""
        return issubclass(self.model, LongAnswers)

    def part(self, code: str) -> Part | None:
        """The page with this code."""
        return next((part for part in self.parts if part.code == code), None)

    def parts_for(self, data: Mapping[str, Any]) -> tuple[Part, ...]:
        """The pages that concern this applicant: a person has no organisation to describe."""
        if data.get("applicant_kind") in PERSONS:
            return tuple(part for part in self.parts if part.code != "organisation")
        return self.parts

    def part_of(self, name: str) -> Part:
        """The page on which a question (or a field in one of its rows) stands."""
        question = name.split(".", 1)[0]
        return next((part for part in self.parts if question in part.names), self.parts[0])


def _section(
    code: str,
    model: type[BaseModel],
    *,
    minutes: int,
    criterion: str | None = None,
    identity: bool = False,
    pages: dict[str, tuple[str, ...]] | None = None,
) -> Section:
    names = tuple(name for name, _, _ in asked(model) if name != "complete")
    parts = [Part(page, questions) for page, questions in (pages or {"all": names}).items()]
    if issubclass(model, LongAnswers):
        last = parts.pop()
        parts.append(Part(last.code, (*last.names, "complete")))
    return Section(code, model, identity, minutes, criterion, tuple(parts))


CATALOGUE: dict[str, Section] = {
    section.code: section
    for section in (
        _section(
            "team",
            Team,
            minutes=10,
            identity=True,
            pages={
                "applicant": ("applicant_kind", "family_name", "given_name", "patronymic", "stage_name"),
                "contact": (
                    "email",
                    "phone",
                    "contact_way",
                    "contact_time",
                    "contact_language",
                    "access_kinds",
                    "access_needs",
                ),
                "organisation": (
                    "organisation_name_kk",
                    "organisation_name_ru",
                    "legal_form",
                    "bin",
                    "address",
                    "website",
                ),
                "members": ("members", "partner_links", "partner_links_note"),
            },
        ),
        _section("candidate", Candidate, minutes=5, identity=True),
        _section("brief", Brief, minutes=10),
        _section(
            "need",
            Need,
            minutes=20,
            criterion="need",
            pages={
                "problem": ("problem", "evidence", "sources"),
                "people": ("beneficiaries",),
                "others": ("permit", "stakeholders"),
                "priorities": ("priorities", "priority_why"),
            },
        ),
        _section(
            "work_plan",
            WorkPlan,
            minutes=25,
            criterion="work_plan",
            pages={
                "result": ("result", "starts", "ends"),
                "activities": ("activities",),
                "milestones": ("milestones",),
                "resources": ("resources",),
                "risks": ("strengths", "risks"),
                # Nothing is asked there but whether it is done: it shows the plan that the answers make.
                "check": (),
            },
        ),
        _section(
            "budget",
            Budget,
            minutes=20,
            criterion="budget",
            pages={
                "lines": ("lines",),
                "prices": ("prices_found", "other_money_state", "other_money", "unsure"),
            },
        ),
        _section(
            "sustainability",
            Sustainability,
            minutes=15,
            criterion="sustainability",
            pages={
                "after": ("stays", "funding"),
                "month": ("month_income", "month_costs"),
                "future": ("growth", "ownership", "access", "measures"),
            },
        ),
        _section("motivation", Motivation, minutes=40, criterion="motivation"),
        _section("own", Own, minutes=1),
    )
}
"""Every section there is, by code."""
