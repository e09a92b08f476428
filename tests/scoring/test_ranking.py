"""The order is total, then the published rules, then a draw that anybody can repeat."""

import json
import random
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.scoring.ranking import Line, draw_ticket, rank

ORDER = ("need", "budget")


def line(code: str, total: Fraction | int | None, need: int = 3, budget: int = 3) -> Line:
    return Line(
        code, None if total is None else Fraction(total), {"need": Fraction(need), "budget": Fraction(budget)}
    )


def placed(lines: list[Line], seed: str = "seed") -> list[tuple[str, int, str, str]]:
    return [
        (p.code, p.place, p.label, p.decided_by) for p in rank(lines, tie_order=ORDER, seed=seed, call="2026")
    ]


def test_higher_total_goes_first() -> None:
    assert placed([line("A", 50), line("B", 70)]) == [("B", 1, "1", "total"), ("A", 2, "2", "total")]


def test_totals_that_round_alike_are_still_different() -> None:
    close = [line("A", Fraction(200, 3)), line("B", Fraction(200, 3) + Fraction(1, 10**12))]
    assert [each[0] for each in placed(close)] == ["B", "A"]


def test_tie_goes_to_the_first_published_criterion_that_differs() -> None:
    lines = [line("A", 70, need=3, budget=5), line("B", 70, need=4, budget=1), line("C", 60)]
    assert placed(lines) == [("B", 1, "1", "need"), ("A", 2, "1", "total"), ("C", 3, "3", "total")]


def test_which_rule_comes_first_decides_and_so_is_published() -> None:
    """Eurovision 1991: equal totals, and one winner by the rule of then, another one by today's."""
    case = json.loads((Path(__file__).parent / "golden/ordering.json").read_text())[0]
    entries = [
        Line(
            name,
            Fraction(each["total"]),
            {rule: Fraction(each[rule]) for rule in ("twelves", "tens", "countries")},
        )
        for name, each in case["input"]["entries"].items()
    ]

    def first(*tie_order: str) -> tuple[str, str]:
        place = rank(entries, tie_order=tie_order, seed="seed", call="1991")[0]
        return place.code, place.decided_by

    expected = case["expected"]
    assert first("twelves", "tens", "countries") == (expected["rule_1989 (12s, then 10s, ...)"], "tens")
    assert first("countries", "twelves", "tens") == (
        expected["rule_modern (number of countries first)"],
        "countries",
    )


def test_full_tie_is_drawn_and_the_draw_can_be_repeated() -> None:
    lines = [line("A", 70), line("B", 70)]
    first = min(("A", "B"), key=lambda code: draw_ticket("seed", "2026", code))
    assert placed(lines)[0] == (first, 1, "1", "draw")
    orders = {tuple(each[0] for each in placed(lines, seed)) for seed in map(str, range(20))}
    assert orders == {("A", "B"), ("B", "A")}


def test_no_total_comes_last_without_a_place_to_read() -> None:
    assert placed([line("A", None), line("B", 0)]) == [("B", 1, "1", "total"), ("A", 2, "", "total")]


def test_ticket_equals_the_golden_reference() -> None:
    seed, call = "drand round 1234567 is not a real seed", "CALL-2025-1"
    tickets = {code: draw_ticket(seed, call, code) for code in ("A090", "A012", "A151", "A007")}
    assert sorted(tickets, key=lambda code: tickets[code]) == ["A090", "A012", "A151", "A007"]
    assert tickets["A007"] == "bd54d0a9e58f91077eadf2d057e630fd9f8a0156af0646a00eb7ea6a4e3c5f04"


@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.integers(0, 20)), st.integers(1, 5), st.integers(1, 5)), max_size=30
    ),
    st.randoms(use_true_random=False),
)
def test_places_are_one_to_n_whatever_the_order_of_the_lines(
    totals: list[tuple[int | None, int, int]], shuffle: random.Random
) -> None:
    lines = [line(f"K{index}", total, need, budget) for index, (total, need, budget) in enumerate(totals)]
    shuffled = lines[:]
    shuffle.shuffle(shuffled)
    result = placed(lines)
    assert placed(shuffled) == result
    assert [each[1] for each in result] == list(range(1, len(lines) + 1))
    by_code = {each.code: each for each in lines}
    known = [total for code, *_ in result if (total := by_code[code].total) is not None]
    assert known == sorted(known, reverse=True)
