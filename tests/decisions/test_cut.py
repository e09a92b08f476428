"""The cut line, without a database."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.decisions.cut import Pot, Standing, cut

POT = Pot(places=3, taken=0, amount_minor=500_000, envelope_minor=1_500_000, committed_minor=0)


def order(*marks: str) -> list[Standing]:
    """One standing a mark: "." plain, "A" awarded, "R" raised in writing, "P" passed over, "E" elsewhere."""
    return [
        Standing(
            code=str(number),
            awarded=mark in "AR",
            elsewhere=mark == "E",
            explained=mark in "RP",
        )
        for number, mark in enumerate(marks, 1)
    ]


def pot(*marks: str) -> Pot:
    taken = sum(mark in "AR" for mark in marks)
    return replace(POT, taken=taken, committed_minor=taken * 500_000)


def above(*marks: str) -> str:
    return "".join(sorted(cut(pot(*marks), order(*marks)).above))


def unexplained(*marks: str) -> str:
    return "".join(cut(pot(*marks), order(*marks)).unexplained)


def test_line_is_under_the_places() -> None:
    assert above(*".....") == "123"
    assert above(*"AA...") == "123"
    assert above(*"AAA..") == "123"


def test_line_is_higher_where_the_envelope_ends_first() -> None:
    small = replace(POT, envelope_minor=1_499_999)
    assert cut(small, order(*".....")).above == {"1", "2"}
    assert cut(replace(small, envelope_minor=0), order(*".....")).above == frozenset()


def test_line_of_places_alone_knows_no_money() -> None:
    places = Pot(places=2, taken=0, amount_minor=None, envelope_minor=None, committed_minor=0)
    assert cut(places, order(*"....")).above == {"1", "2"}
    assert places.free == 2


def test_who_is_passed_over_in_writing_leaves_the_place_to_the_next() -> None:
    assert above(*".P...") == "134"
    assert unexplained(*"APAA.") == ""


def test_who_is_raised_in_writing_takes_the_last_place() -> None:
    assert above(*"....R") == "12"
    assert unexplained(*"AA..R") == ""


def test_who_won_elsewhere_does_not_count() -> None:
    assert above(*"E.E...") == "245"


def test_an_award_below_the_line_and_who_it_jumped_need_a_reason() -> None:
    assert unexplained(*"AA..A") == "345"
    assert unexplained(*".AA..") == "1"


def test_a_place_may_stay_free_at_the_end() -> None:
    assert unexplained(*"AA...") == ""
    assert unexplained(*".....") == ""


MARKS = st.lists(st.sampled_from(".AARPE"), max_size=12).filter(lambda m: sum(x in "AR" for x in m) <= 3)


@given(MARKS)
def test_never_more_above_than_fit_and_awarding_them_needs_no_reason(marks: list[str]) -> None:
    line = cut(pot(*marks), order(*marks))
    raised = marks.count("R")
    assert len(line.above) + raised <= 3
    drawn = ["A" if str(number) in line.above else mark for number, mark in enumerate(marks, 1)]
    if drawn.count("A") + raised <= 3 and not line.unexplained:
        assert unexplained(*drawn) == ""
