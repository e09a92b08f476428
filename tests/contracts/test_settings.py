"""Every setting is told to the operator, and production refuses what is only good for development."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.settings import DEVELOPMENT_SECRET, Settings

ROOT = Path(__file__).parents[2]
PREFIX = "BAIGE_"

SAFE: dict[str, Any] = {
    "production": True,
    "secret_key": SecretStr("a-key-of-the-operator-with-48-random-characters!"),
    "base_url": "https://grants.example.org",
    "smtp_url": "smtp://localhost:25",
}


def example() -> str:
    return (ROOT / ".env.example").read_text()


def written() -> dict[str, str]:
    """Setting -> the comment right above it."""
    found: dict[str, str] = {}
    comment: list[str] = []
    for line in example().splitlines():
        if said := re.fullmatch(r"#?\s?(BAIGE_[A-Z0-9_]+)=.*", line):
            found[said[1]] = " ".join(comment)
            comment = []
        elif line.startswith("#"):
            comment.append(line.removeprefix("#").strip())
        elif not line:
            comment = []
    return found


def test_every_setting_is_in_the_example_with_a_sentence() -> None:
    names = {PREFIX + name.upper() for name in Settings.model_fields}
    assert set(written()) == names
    assert {name for name, comment in written().items() if len(comment.split()) < 4} == set()


def test_example_holds_no_secret_that_production_takes() -> None:
    secrets = re.findall(r"^#?\s?BAIGE_\w*SECRET\w*=(.*)$", example(), re.MULTILINE)
    assert set(secrets) <= {"", DEVELOPMENT_SECRET}


def test_settings_have_no_secret_that_would_do_in_production() -> None:
    assert Settings(_env_file=None).secret_key.get_secret_value() == DEVELOPMENT_SECRET


def test_production_starts_with_safe_settings() -> None:
    assert Settings(_env_file=None, **SAFE).secure


@pytest.mark.parametrize(
    ("unsafe", "named"),
    [
        ({"secret_key": SecretStr(DEVELOPMENT_SECRET)}, "BAIGE_SECRET_KEY"),
        ({"secret_key": SecretStr("")}, "BAIGE_SECRET_KEY"),
        ({"secret_key": SecretStr("short")}, "BAIGE_SECRET_KEY"),
        ({"secret_key": SecretStr("changeme" * 8)}, "BAIGE_SECRET_KEY"),
        ({"base_url": "http://grants.example.org"}, "BAIGE_BASE_URL"),
        ({"demo": True}, "BAIGE_DEMO"),
        ({"smtp_url": ""}, "BAIGE_SMTP_URL"),
    ],
    ids=["default-secret", "no-secret", "short-secret", "changeme", "http", "demo", "no-mail"],
)
def test_production_refuses_to_start(unsafe: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Settings(_env_file=None, **SAFE | unsafe)


def test_all_that_is_unsafe_is_named_at_once() -> None:
    with pytest.raises(ValueError, match="Refusing to start") as refused:
        Settings(_env_file=None, production=True, demo=True)
    for name in ("BAIGE_SECRET_KEY", "BAIGE_BASE_URL", "BAIGE_DEMO", "BAIGE_SMTP_URL"):
        assert name in str(refused.value)


def test_a_secret_is_not_shown() -> None:
    assert DEVELOPMENT_SECRET not in repr(Settings(_env_file=None))


def test_nothing_makes_settings_when_it_is_imported() -> None:
    """Settings are made once, at the start, and handed on: an import reads no environment."""
    wrong = [
        str(path)
        for path in (ROOT / "app").rglob("*.py")
        if re.search(r"^\w+(: \w+)? = (Settings\(|.*os\.environ)", path.read_text(), re.MULTILINE)
    ]
    assert wrong == []


BUCKET: dict[str, Any] = {
    "s3_bucket": "files", "s3_region": "kz-1", "s3_key": "key", "s3_secret": SecretStr("secret"),
    "s3_endpoint": "https://s3.example.org",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"s3_bucket": ""}, "BAIGE_S3_BUCKET is missing"),
        ({"s3_region": "", "s3_secret": SecretStr("")}, "missing: BAIGE_S3_REGION, BAIGE_S3_SECRET"),
        ({"s3_bucket": "Files/../other"}, "not the name of a bucket"),
        ({"s3_endpoint": "https://name:word@s3.example.org"}, "BAIGE_S3_ENDPOINT is not an address"),
        ({"s3_endpoint": "s3.example.org"}, "BAIGE_S3_ENDPOINT is not an address"),
        ({"s3_endpoint": "http://s3.example.org"}, "BAIGE_S3_ENDPOINT is not https"),
    ],
)
def test_a_bucket_is_named_completely_and_reached_safely(changed: dict[str, Any], said: str) -> None:
    assert Settings(_env_file=None, **SAFE, **BUCKET).s3_bucket == "files"
    loopback = BUCKET | {"s3_endpoint": "http://127.0.0.1:9000"}
    assert Settings(_env_file=None, **SAFE, **loopback).s3_bucket == "files"
    with pytest.raises(ValueError, match=said):
        Settings(_env_file=None, **SAFE, **(BUCKET | changed))
