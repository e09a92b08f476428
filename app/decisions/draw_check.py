"""Holding the draw of a protocol again. Pure."""

from collections.abc import Iterator, Sequence

from app.decisions.cross_checks import same
from app.decisions.protocol_file import FirmPart, PlacePart, Protocol
from app.scoring.lottery import drawn
from app.scoring.methods import Method


def draw(protocol: Protocol, plain: Sequence[PlacePart]) -> Iterator[str]:
    """The draw is held again: from the order as recomputed, and from the intervals as the file states them.

    Those intervals are counted over random draws, and are compared with what is drawn here by themselves;
    which of them straddle the line, the tickets and the places left then follow exactly.
    """
    stated, given = protocol.computed.lottery, protocol.input
    yield from same("lottery, published", protocol.rules.lottery, given.lottery)
    decides = given.lottery and given.method == Method.CALIBRATED.value and bool(given.lines)
    places: dict[str, FirmPart] = {
        each.application: each for each in protocol.computed.calibration.applications
    }
    order = [each.application for each in plain]
    whole = [each for each in places.values() if len(each.inner) == 2]
    if len(whole) < len(places):
        yield "lottery: an interval without two ends"
        return
    found = drawn(order, places, given.lines[0], seed=given.seed, call=given.call) if decides else None
    if stated is None or found is None:
        yield from same("a draw at the line", stated is not None, found is not None)
        return
    yield from same("lottery, line", stated.line, found.line)
    yield from same("lottery, places left", stated.left, found.left)
    for name in ("accepted", "drawing", "rejected"):
        yield from same(f"lottery, {name}", getattr(stated, name), list(getattr(found, name)))
