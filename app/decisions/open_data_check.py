"""Whether exported awards are valid by the official schema of the standard, which lies beside this file."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

STANDARD = Path(__file__).parent / "standard"
# The package names the schema of its grants by the address of the version before.
NAMED = "https://raw.githubusercontent.com/ThreeSixtyGiving/standard/1.4.2/schema/360-giving-schema.json"


def wrong_in(package: Any) -> list[str]:
    """What the schema says against a package, each with its place; nothing where it is valid."""
    return [
        f"/{'/'.join(str(part) for part in each.instance_path)}: {each.message}"
        for each in _validator().iter_errors(package)
    ]


@cache
def _validator() -> Any:
    """Formats are checked: without that every date fits two branches of which one alone may fit."""
    grant, package = _schema("360-giving-schema"), _schema("360-giving-package-schema")
    registry = jsonschema_rs.Registry([(NAMED, {**grant, "$id": NAMED})])
    return jsonschema_rs.Draft202012Validator(package, registry=registry, validate_formats=True)


def _schema(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((STANDARD / f"{name}.json").read_text(encoding="utf-8"))
    # The address of the dialect lacks an s there, and so is none that is known.
    return read | {"$schema": "https://json-schema.org/draft/2020-12/schema"}
