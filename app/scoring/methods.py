"""How reviews become an order: what a call publishes before it opens."""

from enum import StrEnum


class Method(StrEnum):
    """The figure that orders. All of them are shown beside each other; only the published one decides."""

    MEAN_OF_MEANS = "mean_of_means"
    MEDIAN = "median"
    CALIBRATED = "calibrated"


class Strata(StrEnum):
    """What sorts applications into groups that calibration knows: the theme that each is of, or the language
    in which it is written."""

    THEME = "theme"
    LANGUAGE = "language"
