"""What a call asks for and allows, read from its row."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, select

from app.messages.own_question import own_answers
from app.models.calls import Call
from app.models.panel import CallOrganisation, Organisation
from app.sections.catalogue import CATALOGUE
from app.sections.limits import Limits, ceiling_in_tiyn
from app.sections.months import month_after


def section_codes(call: Call) -> tuple[str, ...]:
    """The call's sections, in order."""
    return tuple(entry["code"] for entry in call.sections)


def has_section(call: Call, code: str) -> bool:
    """Whether the call asks for this section."""
    return code in CATALOGUE and code in section_codes(call)


@cache
def partners_of() -> Any:
    """Code and name of the partner organisations of `call`, in order; built once."""
    return (
        select(Organisation.code, Organisation.name)
        .join(CallOrganisation, col(CallOrganisation.organisation_id) == col(Organisation.id))
        .where(col(CallOrganisation.call_id) == bindparam("call"))
        .order_by(col(CallOrganisation.position))
    )


def first_month(call: Call) -> str:
    """The first month of a project: work must not have begun, so it comes after the results are announced.

    Where no day for them is named, the month of the closing.
    """
    zone = ZoneInfo(call.timezone)
    if call.results_expected_at is not None:
        return month_after(call.results_expected_at.astimezone(zone).date())
    return f"{call.closes_at.astimezone(zone):%Y-%m}" if call.closes_at is not None else ""


def limits_of(call: Call, organisations: Iterable[str] = ()) -> Limits:
    """The call's limits; `organisations` are the codes of its partners."""
    grant = call.ceiling_minor is not None and call.rate_minor is not None
    return Limits(
        ceiling_minor=ceiling_in_tiyn(call.ceiling_minor or 0, call.rate_minor or 0) if grant else None,
        rate_minor=call.rate_minor,
        administration_percent=call.administration_percent,
        max_months=call.max_months,
        first_month=first_month(call),
        themes=tuple(theme["code"] for theme in call.themes),
        priorities=tuple(priority["code"] for priority in call.priorities),
        own_answers=tuple(each["code"] for each in own_answers(call.own_question)),
        organisations=tuple(organisations),
    )
