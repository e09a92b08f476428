"""The draw at the line as a protocol has it: the order that its rounds go by, and what it costs. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.decisions.protocol_file import ComputedPart, LotteryPart, PlacePart, Protocol
from app.scoring.lottery import Drawn, hits, numbered
from app.scoring.ranking import LOTTERY


@dataclass(frozen=True, slots=True)
class Price:
    """How many of those chosen are expected to be truly among as many best: by the order alone, and on
    average over all draws."""

    order: float
    drawn: float


def deciding_places(computed: ComputedPart, plain: Sequence[PlacePart]) -> list[PlacePart]:
    """Where each stands in the order that the rounds go by; `plain` is that of the published method."""
    return list(plain) if computed.lottery is None else placed_by(computed.lottery, plain)


def placed_by(held: LotteryPart, plain: Sequence[PlacePart]) -> list[PlacePart]:
    """`plain` in the order of the draw; who is in one of the two alone is left out."""
    by_code, lots = {each.application: each for each in plain}, set(held.drawing)
    both = _held(held, by_code)
    numbers = numbered(both, {code: by_code[code].merit for code in both.order})
    return [
        by_code[code].model_copy(
            update={"place": place, "label": label} | ({"decided_by": LOTTERY} if code in lots else {})
        )
        for code, (place, label) in numbers.items()
    ]


def _held(part: LotteryPart, known: Mapping[str, object]) -> Drawn:
    def those(codes: Sequence[str]) -> list[str]:
        return [code for code in dict.fromkeys(codes) if code in known]

    return Drawn(part.line, those(part.accepted), those(part.drawing), those(part.rejected), part.left)


def price(protocol: Protocol) -> Price | None:
    """What the draw of a protocol costs, from the chances that stand in it; None without a draw."""
    held = protocol.computed.lottery
    if held is None:
        return None
    top = {
        each.application: each.chances.get(str(held.line), 0.0)
        for each in protocol.computed.calibration.applications
    }
    plain = [each.application for each in protocol.computed.orders.get(protocol.input.method, [])]
    first = [code for code in plain if code in top][: held.line]
    lots = _held(held, top)
    return Price(hits(dict.fromkeys(first, 1.0), top), hits(lots.chances, top))
