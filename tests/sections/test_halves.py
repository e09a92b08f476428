"""What reviewers may not read goes apart, and comes together again as it was."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.sections.catalogue import CATALOGUE
from app.sections.halves import join, kept_back, split

CELL = st.sampled_from(["", "said"])
ROWS = st.lists(st.fixed_dictionaries({"kind": CELL, "name": CELL, "gives": CELL}), max_size=5).map(
    lambda rows: [{"id": f"s{number}", **row} for number, row in enumerate(rows)]
)


@given(ROWS, CELL)
def test_a_section_in_two_is_whole_again(rows: list[dict[str, Any]], problem: str) -> None:
    need = {"problem": problem, "stakeholders": rows}
    blind, hidden = split("need", need)
    assert join("need", blind, hidden) == {
        **need,
        # An empty cell that was hidden is no answer, and is not kept.
        "stakeholders": [
            row if row["name"] else {k: v for k, v in row.items() if k != "name"} for row in rows
        ],
    }
    assert not any("name" in row for row in blind["stakeholders"])
    assert {row["id"] for row in hidden.get("stakeholders", ())} == {row["id"] for row in rows if row["name"]}


def test_what_is_kept_back_is_what_the_model_says() -> None:
    assert kept_back("budget") == (frozenset({"unsure"}), {})
    assert kept_back("need") == (frozenset(), {"stakeholders": frozenset({"name"})})
    assert split("budget", {"unsure": "?", "lines": []}) == ({"lines": []}, {"unsure": "?"})
    others = {code for code in CATALOGUE if kept_back(code) != (frozenset(), {})}
    assert others == {"budget", "need"}
