"""Why the place of one application is firm or not, in sentences for whoever never heard of statistics.

Two scales meet here: the total by which the published method orders, and the calibrated score, of which alone
it can be said how firm it is. Each sentence says of which one it speaks. How far a score may be off is told
of its distance to the line alone: what nobody knows of the level of all scores moves no one across it.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from app.decisions.beside_line import Beside
from app.decisions.firm import stand
from app.decisions.ranking import FirmPlace, RowFigures
from app.messages import formats, translations
from app.messages.labels import choices
from app.pages.said import between, percent, tenth
from app.scoring.methods import Method

HALF = 0.5


class WhyFirm(NamedTuple):
    """`stand` in words with its `tone`; `reasons` in the order in which one thinks of them.

    `made_of` says of what the calibrated score is made, and is empty for an order of before that was kept.
    """

    stand: str
    tone: str
    reasons: list[str]
    made_of: list[str]


def why_firm(
    language: str,
    figures: RowFigures | None,
    board: Mapping[str, Any],
    method: Method,
    code: str,
    beside: Beside,
) -> WhyFirm | None:
    """What the model says of an application beside the line of the whole order (`board_figures`).

    None where nothing can be said: without places, where it could not be calibrated, and of whom the line
    says nothing any more.
    """
    line = board.get("line")
    firm = figures.firm if figures else None
    if figures is None or not firm or line is None or str(line) not in firm.chances:
        return None
    words = choices(language, "why_firm")

    def shown(value: float | Decimal) -> str:
        return formats.number(language, tenth(value), 1)

    chance = firm.chances[str(line)]
    fate = beside.fates.get(code)
    if fate is None and beside.is_over:
        return None
    tone = fate or stand(chance)
    reasons = [
        words["chance"].format(line=line, chance=percent(chance), places=between(firm.outer)),
        words["score"].format(score=shown(firm.score)),
        *_beside_the_line(words, shown, firm, line),
        *_by_the_method(language, words, figures, line, method, chance >= HALF),
        words[tone.value],
    ]
    return WhyFirm(
        choices(language, "stand")[tone.value],
        tone.value,
        reasons,
        list(_made_of(language, words, shown, firm, figures.complete)),
    )


def _beside_the_line(
    words: Mapping[str, str], shown: Callable[[float | Decimal], str], firm: FirmPlace, line: int
) -> Iterator[str]:
    """The distance to the line and how far that may be off: on one side of it just where that is certain."""
    if firm.margin is None:
        return
    low, middle, high = firm.margin
    told = words["above" if middle > 0 else "below"].format(line=line, gap=shown(abs(middle)))
    if low > 0:
        sure = words["sure_above"].format(low=shown(low), high=shown(high))
    elif high <= 0:
        sure = words["sure_below"].format(low=shown(-high), high=shown(-low))
    else:
        sure = words["unsure"].format(below=shown(-low), above=shown(high))
    yield f"{told} {sure}"


def _by_the_method(
    language: str, words: Mapping[str, str], figures: RowFigures, line: int, method: Method, above: bool
) -> Iterator[str]:
    """Where another method decides, and puts it on the other side of the line: what holds, and why it may."""
    own = figures.by[method]
    if method is Method.CALIBRATED or not own.label or (own.place <= line) == above:
        return
    told = words["decides_above" if own.place <= line else "decides_below"]
    total = formats.number(language, own.total, 1)
    yield told.format(method=choices(language, "method_short")[method], place=own.place, total=total)


def _made_of(
    language: str,
    words: Mapping[str, str],
    shown: Callable[[float | Decimal], str],
    firm: FirmPlace,
    reviews: int,
) -> Iterator[str]:
    """From the mean of the reviews to the calibrated score, step by step."""
    if firm.given is None or firm.kindness is None:
        return
    given, kindness, score = tenth(firm.given), tenth(firm.kindness), tenth(firm.score)
    drawn = score - (given - kindness)
    yield (
        translations(language)
        .ungettext(
            "Its {count} complete review gives {given} of 100 on average.",
            "Its {count} complete reviews give {given} of 100 on average.",
            reviews,
        )
        .format(count=reviews, given=shown(given))
    )
    many = "_one" if reviews == 1 else ""
    if kindness:
        told = words[("kind" if kindness > 0 else "strict") + many]
        yield told.format(points=shown(abs(kindness)), sign="−" if kindness > 0 else "+")
    if drawn:
        yield words["drawn" + many].format(points=shown(abs(drawn)), sign="−" if drawn < 0 else "+")
    yield words["sum"].format(score=shown(score))
