"""The tables, as Markdown, in the benchmark's README between two marks."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.pages.cpu import processor
from tests.bench.pages.flat import Growth
from tests.bench.pages.measure import Measured

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"


@dataclass(frozen=True)
class Results:
    """Everything that was measured on one engine; `calibration` in milliseconds, before and after."""

    engine: str
    measured: Sequence[Measured]
    queries: Sequence[int]
    growth: Growth | None
    calibration: tuple[float, float]


def table(results: Results) -> str:
    """The tables of one engine."""
    before, after = results.calibration
    lines = [
        f"### {results.engine}",
        "",
        f"The calibration loop took {before:.0f} ms before and {after:.0f} ms after.",
        "",
        "| page | peer, ms | **ours, ms** | peer ÷ ours | job worker, ms | queries | kB "
        "| 1 connection, ms (p50 / p95) | 16 connections, ms (p50 / p95) |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for each, queries in zip(results.measured, results.queries, strict=True):
        peer = each.page.peer or 0
        lines.append(
            f"| {each.page.name} | {peer:g} | **{each.server:.2f}** | {peer / each.server:.1f} "
            f"| {each.jobs:.2f} | {queries} | {each.size / 1000:.1f} "
            f"| {_pair(each.alone)} | {_pair(each.crowded)} |"
        )
    return "\n".join([*lines, *_growth(results.growth)])


def _growth(growth: Growth | None) -> list[str]:
    """The second table of an engine."""
    if growth is None:
        return []
    return [
        "",
        f"Closing reviewing of {growth.applications:,} applications, which stores their order, took "
        f"{growth.closing_seconds:.1f} s. Out of so many:",
        "",
        f"| page | out of 253, ms | out of {growth.applications:,}, ms | ratio |",
        "|---|--:|--:|--:|",
        *(
            f"| {each.name} | {each.small:.2f} | {each.large:.2f} | {each.large / each.small:.2f} |"
            for each in growth.pages
        ),
    ]


def machine() -> str:
    """One line on where and when."""
    day = datetime.now(UTC).date().isoformat()
    return f"{processor()}, Python {platform.python_version()}, {day}"


def write(tables: Sequence[str]) -> None:
    """Put the tables into the README, in place of the last ones."""
    said = README.read_text(encoding="utf-8")
    before, _, rest = said.partition(BEGIN)
    _, _, after = rest.partition(END)
    middle = "\n\n".join([f"Measured on {machine()}.", *tables])
    README.write_text(f"{before}{BEGIN}\n\n{middle}\n\n{END}{after}", encoding="utf-8")


def _pair(milliseconds: tuple[float, float]) -> str:
    return f"{milliseconds[0]:.1f} / {milliseconds[1]:.1f}"
