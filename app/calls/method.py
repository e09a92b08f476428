"""How reviews become an order, as a call publishes it when it opens: one digest, wherever it stands."""

import hashlib
import json
from collections.abc import Sequence

from app.calls.form import CallForm

Weight = tuple[str, int, int, int]
"""A criterion's code, its weight, and the ends of its scale."""


def method_hash(
    method: str,
    criteria: Sequence[Weight],
    tie_order: Sequence[str],
    strata: str | None = None,
    *,
    impute: bool = False,
    lottery: bool = False,
) -> str:
    """SHA-256 of the canonical JSON of the method, of the criteria in their order and of what breaks ties;
    and of the groups that calibration knows, of its estimating what is missing, and of the draw at the line,
    where there are.
    """
    document = {
        "method": method,
        "criteria": [list(each) for each in criteria],
        "tie_order": list(tie_order),
        **({"strata": strata} if strata else {}),
        **({"impute": True} if impute else {}),
        **({"lottery": True} if lottery else {}),
    }
    return hashlib.sha256(
        json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()


def hash_of_form(form: CallForm) -> str:
    """The digest of what this form promises."""
    return method_hash(
        form.method,
        [
            (each.code, each.weight, each.scale_min, each.scale_max)
            for each in sorted(form.criteria, key=lambda each: each.position)
        ],
        [each.code for each in sorted(form.criteria, key=lambda each: each.tie_position)],
        form.strata,
        impute=form.impute,
        lottery=form.lottery,
    )
