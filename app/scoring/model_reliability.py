"""How far the scores can be relied upon, read from the fitted model. Pure.

Always over all applications of a call. Among the best alone every such figure goes to nothing, because they
differ so little from each other (Erosheva, Martinkova and Lee 2021): so there is no way to ask it of some.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, ndtri

from app.scoring.calibration import Calibration
from app.scoring.reliability import Coefficient


@dataclass(frozen=True, slots=True)
class ModelReliability:
    """Shares of variance, 0 to 1, each with its 95 % interval.

    `single`: of one review as it was given, tau^2 / (tau^2 + ups^2 + sigma^2). `adjusted`: of one review
    without leniency, tau^2 / (tau^2 + sigma^2). `final`: of the calibrated scores, 1 - mean variance of the
    qualities / tau^2; that is how these scores would correlate with those of other reviewers like these.
    """

    single: Coefficient
    adjusted: Coefficient
    final: Coefficient


def model_reliability(calibration: Calibration) -> ModelReliability:
    """Reliability from the spreads that the fit found; intervals over what the fit leaves open of them.

    Source: docs/scoring.md; for the intervals, mean and standard deviation of the logits over the nodes.
    """
    nodes = calibration.nodes
    weights = [node.weight for node in nodes]
    single = [node.tau**2 / (node.tau**2 + node.ups**2 + node.sigma**2) for node in nodes]
    adjusted = [node.tau**2 / (node.tau**2 + node.sigma**2) for node in nodes]
    final = [
        1 - float(np.mean(part.variance)) / node.tau**2
        for part, node in zip(calibration.mixture, nodes, strict=True)
    ]
    return ModelReliability(*(_coefficient(values, weights) for values in (single, adjusted, final)))


def _coefficient(values: Sequence[float], weights: Sequence[float]) -> Coefficient:
    inside = np.clip(values, 1e-9, 1 - 1e-9)
    value = float(np.average(inside, weights=weights))
    logits = logit(inside)
    middle = np.average(logits, weights=weights)
    reach = ndtri(0.975) * np.sqrt(np.average((logits - middle) ** 2, weights=weights))
    return Coefficient(value, float(expit(middle - reach)), float(expit(middle + reach)))
