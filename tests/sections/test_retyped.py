"""What was sent, typed again, is judged to be what was sent."""

from hypothesis import given
from hypothesis import strategies as st

from app.sections.budget import Line
from app.sections.catalogue import CATALOGUE
from app.sections.judging import judge
from app.sections.limits import Limits
from app.sections.retyped import retyped
from tests.applications.typed import GRANT

LIMITS = Limits(
    ceiling_minor=280_000_000,
    rate_minor=56_000,
    administration_percent=10,
    max_months=8,
    themes=("ecology",),
    priorities=("clean",),
    organisations=("ADC",),
    activities=("a1", "a2"),
)


def test_every_section_comes_back_as_it_was_sent() -> None:
    for code, typed in GRANT.items():
        section = CATALOGUE[code]
        first = judge(section, typed, LIMITS)
        assert first.value is not None, (code, first.problems)
        sent = first.value.model_dump(mode="json")
        again = judge(section, retyped(section, sent), LIMITS)
        assert again.value is not None, (code, again.problems)
        assert again.value.model_dump(mode="json") == sent, code


@given(st.integers(0, 10**14), st.decimals("0.001", "1000000", places=3))
def test_any_sum_and_quantity_survive(price: int, quantity: object) -> None:
    line = {"id": "l1", "activity": "a1", "category": "fees", "what": "x", "unit": "y", "payer": "in_kind"}
    sent = {"lines": [{**line, "quantity": str(quantity), "price": price, "source": ""}]}
    (row,) = retyped(CATALOGUE["budget"], sent)["lines"]
    read = Line.model_validate(row)
    assert (read.price, read.quantity) == (price, quantity)
