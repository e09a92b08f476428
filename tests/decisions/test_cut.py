"""The cut line, without a database."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.decisions.cut import Pot, Standing, amounts, cut
from app.scoring.shares import Split

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


def seats(marks: str, reserved: int = 1) -> tuple[str, str, str]:
    """Above, seated, unexplained. "m" belongs, "M" is one of them with an award, "b" below the threshold."""
    standing = [
        Standing(
            code=str(number),
            awarded=mark in "AM",
            elsewhere=False,
            explained=False,
            belongs=mark in "mM",
            enough=mark != "b",
        )
        for number, mark in enumerate(marks, 1)
    ]
    taken = sum(mark in "AM" for mark in marks)
    line = cut(replace(pot(*marks), taken=taken, reserved=reserved), standing)
    return "".join(sorted(line.above)), "".join(sorted(line.seated)), "".join(line.unexplained)


def test_a_reserved_seat_goes_to_the_first_of_its_group_and_else_to_the_order() -> None:
    assert seats("....m.m") == ("125", "5", "")
    assert seats(".m..m") == ("123", "2", "")
    assert seats(".....") == ("123", "", "")
    assert seats("....m.m", reserved=2) == ("157", "57", "")


def test_a_reserved_seat_jumps_nobody_and_must_not_stand_empty() -> None:
    assert seats("AA..M")[2] == ""
    assert seats("AAA.m")[2] == "35"  # the third has the place that was kept for the fifth
    assert seats("AA..m.M")[2] == "34567"  # not the first of the group: a place like any other
    assert seats("A.A.m")[2] == "235"


def test_nobody_below_the_threshold_stands_above_the_line() -> None:
    assert seats("..bb.", reserved=0) == ("125", "", "")
    assert seats(".bAbb", reserved=0)[2] == "1"


def test_the_line_stands_at_what_is_promised_and_moves_to_what_there_is() -> None:
    promised = replace(POT, places=5, least=2, envelope_minor=2_500_000)
    assert cut(promised, order(*".....")).above == {"1", "2"}
    assert cut(promised, order(*"....."), 4).above == {"1", "2", "3", "4"}
    awarded = replace(promised, taken=3, committed_minor=1_500_000)
    assert cut(awarded, order(*"AAA..")).above == {"1", "2", "3"}


def test_what_was_asked_for_fits_until_the_first_that_does_not() -> None:
    asking = replace(POT, places=5, split=Split.ASKED, envelope_minor=1_000_000)
    standing = [
        replace(each, asked=sum_)
        for each, sum_ in zip(order(*"...."), (400_000, 450_000, 200_000, 1), strict=True)
    ]
    line = cut(asking, standing)
    assert line.above == {"1", "2"}
    assert amounts(asking, standing, line) == {"1": 400_000, "2": 450_000}


def test_all_of_a_shared_pot_get_less_when_one_more_wins() -> None:
    shared = replace(POT, places=8, least=3, split=Split.EQUAL)
    standing = order(*"........")
    assert amounts(shared, standing, cut(shared, standing)) == dict.fromkeys("123", 500_000)
    assert amounts(shared, standing, cut(shared, standing, 4)) == dict.fromkeys("1234", 375_000)
