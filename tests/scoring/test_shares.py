"""Dividing a pot: the published rules exactly, and no cent lost or made whatever is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring.shares import POOLED, Rule, Split, fitting, shares

POT, PLACE = 3_000_000, 500_000
ANY = st.one_of(st.none(), st.integers(1, 900_000))


@st.composite
def rules(draw: st.DrawFn, splits: frozenset[Split] = frozenset(Split)) -> Rule:
    """A rule that a setup lets through: at least one whole award, and something left beside the full ones."""
    most = draw(st.integers(100, 10**6))
    pot = draw(st.integers(most, 10**7))
    return Rule(
        draw(st.sampled_from(sorted(splits))), pot, most, draw(st.integers(1, max(1, (pot - 50) // most)))
    )


def test_the_rule_of_13_april_2019_for_six_and_for_eight_winners() -> None:
    """At least six awards of EUR 5,000; the jury may name more, and then each gets less."""
    rule = Rule(Split.EQUAL, POT, PLACE)
    assert shares(rule, [None] * 6) == [500_000] * 6
    assert shares(rule, [None] * 8) == [375_000] * 8
    assert shares(rule, [None] * 7) == [428_572] * 3 + [428_571] * 4
    assert shares(rule, [None] * 4) == [500_000] * 4


def test_what_was_asked_for_up_to_the_most_or_the_same_part_of_it() -> None:
    asked = [450_000, 900_000, 100_000, None]
    assert shares(Rule(Split.ASKED, POT, PLACE), asked) == [450_000, 500_000, 100_000, 500_000]
    assert shares(Rule(Split.PROPORTIONAL, 775_000, PLACE), asked) == [225_000, 250_000, 50_000, 250_000]
    assert shares(Rule(Split.PROPORTIONAL, POT, PLACE), asked) == [450_000, 500_000, 100_000, 500_000]
    assert fitting(Rule(Split.ASKED, 1_000_000, PLACE), asked) == 2
    assert fitting(Rule(Split.FIXED, 1_499_999, PLACE), asked) == 2


def test_the_first_whole_and_the_rest_of_what_is_left() -> None:
    rule = Rule(Split.FIRST_FULL, 2_000_000, PLACE, full=3)
    assert shares(rule, [None] * 3) == [PLACE] * 3
    assert shares(rule, [None] * 6) == [PLACE] * 3 + [166_667, 166_667, 166_666]
    assert shares(rule, [None] * 4) == [PLACE] * 4


@given(rules(POOLED), st.lists(ANY, max_size=20))
def test_a_divided_pot_gives_out_all_it_can_and_never_more(rule: Rule, asked: list[int | None]) -> None:
    given_out = shares(rule, asked)
    wanted = [rule.wanted(each) if rule.split is Split.PROPORTIONAL else rule.most for each in asked]
    assert sum(given_out) == min(rule.pot, sum(wanted))
    assert all(type(each) is int and 0 <= each <= most for each, most in zip(given_out, wanted, strict=True))
    # One more winner makes nobody richer.
    more = shares(rule, [*asked, None])
    assert all(later <= each for later, each in zip(more, given_out, strict=False))


@given(rules(), st.lists(ANY, max_size=20))
def test_who_stands_higher_gets_no_less_where_asking_does_not_count(
    rule: Rule, asked: list[int | None]
) -> None:
    if rule.split not in {Split.ASKED, Split.PROPORTIONAL}:
        given_out = shares(rule, asked)
        assert given_out == sorted(given_out, reverse=True)
    count = fitting(rule, asked)
    fits = shares(rule, asked[:count])
    assert sum(fits) <= rule.pot
    assert all(fits)
    if rule.split in {Split.FIXED, Split.ASKED} and count < len(asked):
        assert sum(shares(rule, asked[: count + 1])) > rule.pot


@pytest.mark.parametrize("split", list(Split))
def test_nobody_shares_nothing(split: Split) -> None:
    assert shares(Rule(split, POT, PLACE, 2), []) == []
    assert fitting(Rule(split, POT, PLACE, 2), []) == 0
