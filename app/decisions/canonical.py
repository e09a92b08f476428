"""The one way in which what was decided, and what it follows from, is written before it is hashed. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.scoring.run import Rules, Sheet


def input_hash(applications: Sequence[str], sheets: "Sequence[Sheet]", rules: "Rules") -> str:
    """SHA-256 of the canonical JSON of all that the order follows from."""
    return hashlib.sha256(canonical(input_document(applications, sheets, rules)).encode()).hexdigest()


def input_document(applications: Sequence[str], sheets: "Sequence[Sheet]", rules: "Rules") -> dict[str, Any]:
    """Everything that the order follows from, by code; sorted here, since databases' collations differ.

    Groups, that what is missing is estimated, and that the line is drawn for, are there only where it is so:
    a call without is hashed as it was before.
    """
    groups = (
        {
            "strata": {
                "by": rules.sorted_by.value if rules.sorted_by else "",
                "of": {code: rules.strata[code] for code in sorted(applications) if code in rules.strata},
            }
        }
        if rules.strata is not None
        else {}
    )
    return {
        **groups,
        **({"impute": True} if rules.impute else {}),
        **({"lottery": True} if rules.lottery else {}),
        "call": rules.call,
        "seed": rules.seed,
        "method": rules.method.value,
        "criteria": [[each.code, each.weight, each.minimum, each.maximum] for each in rules.criteria],
        "tie_order": list(rules.tie_order),
        "lines": list(rules.lines),
        "applications": sorted(applications),
        "reviews": sorted(
            [each.application, each.reviewer, each.organisation, dict(each.scores)] for each in sheets
        ),
    }


def canonical(document: Mapping[str, Any]) -> str:
    """The one way in which a document is written before it is hashed."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a document without its own `digest`."""
    rest = {name: value for name, value in document.items() if name != "digest"}
    return hashlib.sha256(canonical(rest).encode()).hexdigest()
