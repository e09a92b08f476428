"""What every proposal of the corpus promises, as a list of faults for its writers.

``python -m app.demo.corpus`` prints them; the tests demand that there are none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import cast

from app.demo.corpus import BLIND_SECTIONS, Proposal, texts

GRANT_TENGE = (900_000, 2_800_000)
"""The least and the most a proposal here asks for; 2 800 000 is 5 000 EUR at 560 tenge."""

CAPS = {
    "brief.title": 80,
    "brief.title_second": 80,
    "brief.summary": 400,
    "brief.place": 120,
    "need.problem": 3000,
    "need.evidence": 2000,
    "need.sources.link": 300,
    "need.sources.shows": 100,
    "need.beneficiaries.group": 100,
    "need.beneficiaries.help": 200,
    "need.beneficiaries.part": 200,
    "need.stakeholders.gives": 150,
    "need.stakeholders.name": 100,
    "need.priority_why": 300,
    "work_plan.result": 300,
    "work_plan.activities.title": 80,
    "work_plan.activities.does": 500,
    "work_plan.activities.lead": 60,
    "work_plan.activities.output_unit": 60,
    "work_plan.activities.place": 120,
    "work_plan.milestones.name": 80,
    "work_plan.resources.what": 150,
    "work_plan.strengths": 1200,
    "work_plan.risks.risk": 120,
    "work_plan.risks.response": 200,
    "budget.lines.what": 100,
    "budget.lines.unit": 30,
    "budget.lines.source": 100,
    "budget.prices_found": 800,
    "budget.other_money": 800,
    "budget.unsure": 500,
    "sustainability.stays": 2000,
    "sustainability.month_income.source": 100,
    "sustainability.month_costs.what": 100,
    "sustainability.growth": 1500,
    "sustainability.ownership": 600,
    "sustainability.access": 800,
    "sustainability.measures.unit": 60,
    "sustainability.measures.how": 200,
}
"""Longest answers in characters."""

ROWS = {
    "need.sources": (0, 3),
    "need.beneficiaries": (1, 6),
    "need.stakeholders": (0, 6),
    "work_plan.activities": (2, 8),
    "work_plan.milestones": (2, 4),
    "work_plan.resources": (0, 8),
    "work_plan.risks": (1, 4),
    "budget.lines": (1, 15),
    "sustainability.month_income": (0, 6),
    "sustainability.month_costs": (0, 6),
    "sustainability.measures": (1, 3),
}
"""Fewest and most rows."""

WORDS = {"need.problem": (120, 200), "need.evidence": (50, 100), "work_plan.strengths": (60, 100),
         "sustainability.stays": (70, 120)}  # fmt: skip
"""Length of the long answers in words; Kazakh, which needs fewer words, may stay 30 % below."""

CODES = {
    "need.beneficiaries.kind": (
        "children", "teenagers", "youth", "families", "older", "disabled", "residents", "women", "newcomers",
        "professionals", "business", "everyone", "other",
    ),
    "need.permit": ("no", "yes", "unsure"),
    "budget.other_money_state": ("none", "asked", "received"),
    "need.stakeholders.kind": ("residents", "school", "akimat", "company", "ngo", "media", "other"),
    "need.stakeholders.role": ("helps", "permits", "objects"),
    "need.stakeholders.state": ("agreed", "talking", "not_yet"),
    "work_plan.milestones.proof": ("photo", "list", "document", "link", "other"),
    "work_plan.resources.kind": ("people", "place", "equipment", "transport", "money", "other"),
    "work_plan.resources.certainty": ("sure", "likely"),
    "budget.lines.category": (
        "equipment", "materials", "fees", "rent", "transport", "communication", "works", "administration",
    ),
    "budget.lines.payer": ("grant", "own", "in_kind", "partner"),
    "sustainability.funding": ("volunteers", "fees", "city", "sponsors", "membership", "none"),
    "sustainability.month_income.certainty": ("agreed", "likely", "hope"),
}  # fmt: skip
"""Allowed codes."""

INTEGERS = (
    "need.beneficiaries.direct", "need.beneficiaries.indirect", "work_plan.activities.output_number",
    "work_plan.resources.value", "work_plan.resources.hours", "work_plan.resources.rate",
    "budget.lines.price", "budget.lines.grant_part", "sustainability.month_income.amount",
    "sustainability.month_costs.amount", "sustainability.measures.number",
)  # fmt: skip
MAY_BE_EMPTY = (
    "need.beneficiaries.indirect", "work_plan.resources.value", "work_plan.resources.hours",
    "work_plan.resources.rate", "work_plan.resources.activity", "need.stakeholders.name",
    "budget.lines.grant_part",
)  # fmt: skip

KAZAKH_LETTERS = frozenset("әғқңөұүһі")
"""Letters of Kazakh that Russian lacks."""

LONG_TEXT = 60
"""From this many characters on, a Kazakh text has at least one of those letters."""

_SENTENCE_END = re.compile(r"[.!?\n]+")
_BRACE = re.compile(r"[{}]")


def faults(proposals: Sequence[Proposal]) -> list[str]:
    """Everything wrong with the proposals, one line each, beginning with the proposal's key."""
    found = [fault for proposal in proposals for fault in _own_faults(proposal)]
    return found + list(_shared_titles(proposals)) + list(_shared_sentences(proposals))


def sentences(proposal: Proposal) -> Iterator[str]:
    """The sentences of more than eight words anywhere in a proposal, casefolded, spaces collapsed."""
    for text in texts(proposal.sections):
        for sentence in _SENTENCE_END.split(text):
            found = sentence.casefold().split()
            if len(found) > 8:
                yield " ".join(found)


def grant_tenge(proposal: Proposal, category: str | None = None) -> Decimal:
    """What the grant pays, in tenge, of all budget lines or of one category."""
    return sum(
        (
            Decimal(line["grant_part"] or 0)
            if line["payer"] != "grant"
            else Decimal(line["quantity"]) * Decimal(line["price"])
            for line in _rows(proposal, "budget.lines")
            if category in (None, line["category"])
        ),
        Decimal(0),
    )


def _own_faults(proposal: Proposal) -> Iterator[str]:
    for fault in (
        *_text_faults(proposal),
        *_kazakh_faults(proposal),
        *_row_faults(proposal),
        *_length_faults(proposal),
        *_plan_faults(proposal),
        *_budget_faults(proposal),
    ):
        yield f"{proposal.key}: {fault}"


def _text_faults(proposal: Proposal) -> Iterator[str]:
    for field, text in _leaves(proposal):
        if _BRACE.search(text):
            yield f"{field} has a brace: {text[:60]}"
        if text != text.strip() or "  " in text:
            yield f"{field} has stray spaces: {text[:60]!r}"
        cap = CAPS.get(field)
        if cap is not None and len(text) > cap:
            yield f"{field} has {len(text)} characters, at most {cap}: {text[:60]}"
        if field in CODES and text not in CODES[field]:
            yield f"{field} is not one of its codes: {text}"
        if field in INTEGERS and not text.isdecimal() and not (text == "" and field in MAY_BE_EMPTY):
            yield f"{field} is not a whole number: {text!r}"
        if text == "" and field not in MAY_BE_EMPTY and field not in (
            "brief.title_second", "budget.lines.source", "budget.other_money", "budget.unsure",
            "need.beneficiaries.part", "need.stakeholders.gives", "work_plan.activities.place",
        ):  # fmt: skip
            yield f"{field} is empty"


def _kazakh_faults(proposal: Proposal) -> Iterator[str]:
    if proposal.language != "kk":
        return
    for field, text in _leaves(proposal):
        if len(text) >= LONG_TEXT and not KAZAKH_LETTERS & set(text.casefold()):
            yield f"{field} has no Kazakh letter: {text[:60]}"


def _row_faults(proposal: Proposal) -> Iterator[str]:
    ids = []
    for field, (fewest, most) in ROWS.items():
        rows = _rows(proposal, field)
        ids += [row["id"] for row in rows]
        if not fewest <= len(rows) <= most:
            yield f"{field} has {len(rows)} rows, {fewest} to {most} allowed"
    if len(set(ids)) != len(ids):
        yield "two rows share an id"


def _length_faults(proposal: Proposal) -> Iterator[str]:
    for field, (fewest, most) in WORDS.items():
        text = _text(proposal, field)
        count = len(text.split())
        if not fewest * (0.7 if proposal.language == "kk" else 1) <= count <= most:
            yield f"{field} has {count} words, {fewest} to {most} wanted"


def _plan_faults(proposal: Proposal) -> Iterator[str]:
    starts, ends = _text(proposal, "work_plan.starts"), _text(proposal, "work_plan.ends")
    activities = {row["id"]: row for row in _rows(proposal, "work_plan.activities")}
    for row in activities.values():
        if not starts <= row["from_month"] <= row["to_month"] <= ends:
            yield f"an activity lies outside the project or ends before it begins: {row['title']}"
    for row in _rows(proposal, "work_plan.milestones"):
        if row["activity"] not in activities:
            yield f"a milestone belongs to no activity: {row['name']}"
        elif not activities[row["activity"]]["from_month"] <= row["month"] <= ends:
            yield f"a milestone comes before its activity begins: {row['name']}"


def _budget_faults(proposal: Proposal) -> Iterator[str]:
    try:
        total, administration = grant_tenge(proposal), grant_tenge(proposal, "administration")
    except InvalidOperation:
        yield "a quantity or a price in the budget is not a number"
        return
    least, most = GRANT_TENGE
    if not least <= total <= most or total != int(total):
        yield f"the grant pays {total} tenge, {least} to {most} allowed"
    if administration * 10 > total:
        yield f"administration is {administration} of {total}, at most a tenth allowed"
    yield from _line_faults(proposal)


def _line_faults(proposal: Proposal) -> Iterator[str]:
    lines = _rows(proposal, "budget.lines")
    activities = {row["id"]: row["title"] for row in _rows(proposal, "work_plan.activities")}
    for line in lines:
        if line["activity"] != "whole" and line["activity"] not in activities:
            yield f"a budget line belongs to no activity: {line['what']}"
        if Decimal(line["quantity"]) <= 0:
            yield f"a quantity is not positive: {line['what']}"
    paid = {line["activity"] for line in (*lines, *_rows(proposal, "work_plan.resources"))}
    for activity, title in activities.items():
        if activity not in paid:
            yield f"an activity has neither a budget line nor a resource of one's own: {title}"
    if _text(proposal, "budget.other_money_state") != "none" and not _text(proposal, "budget.other_money"):
        yield "other money is named without saying whose"


def _shared_titles(proposals: Sequence[Proposal]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for proposal in proposals:
        title = str(proposal.sections["brief"]["title"]).casefold()
        if title in seen:
            yield f"{proposal.key}: the title is also that of {seen[title]}: {title}"
        seen[title] = proposal.key


def _shared_sentences(proposals: Sequence[Proposal]) -> Iterator[str]:
    users: dict[str, set[str]] = defaultdict(set)
    for proposal in proposals:
        for sentence in sentences(proposal):
            users[sentence].add(proposal.key)
    for sentence, keys in users.items():
        if len(keys) > 1:
            yield f"{', '.join(sorted(keys))}: the same sentence: {sentence}"


def _leaves(proposal: Proposal) -> Iterator[tuple[str, str]]:
    for code in BLIND_SECTIONS:
        for name, value in proposal.sections[code].items():
            for item in value if isinstance(value, list) else [value]:
                cells = item.items() if isinstance(item, dict) else [("", item)]
                for column, text in cells:
                    yield f"{code}.{name}.{column}".rstrip("."), str(text)


def _text(proposal: Proposal, field: str) -> str:
    code, name = field.split(".")
    return str(proposal.sections[code][name])


def _rows(proposal: Proposal, field: str) -> list[dict[str, str]]:
    code, name = field.split(".")
    return cast("list[dict[str, str]]", proposal.sections[code][name])
