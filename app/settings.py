"""What an operator can set, from the environment or a `.env` file. See `.env.example`."""

import re
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.vendor import HTMX_INTEGRITY, HTMX_URL

DEVELOPMENT_SECRET = "development-only-do-not-use-in-production"  # noqa: S105 - production refuses it


LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class UnsafeSettings(ValueError):
    """Production was asked for with settings that are only good for development."""


class Settings(BaseSettings):
    """Every setting has a default that is right for `make run`; production refuses the unsafe ones."""

    model_config = SettingsConfigDict(env_prefix="BAIGE_", env_file=".env", extra="ignore", frozen=True)

    production: bool = False
    demo: bool = False
    secret_key: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    base_url: str = "http://127.0.0.1:8000"
    database_url: str = "sqlite:///var/baige.db"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    workers: int = Field(default=0, ge=0, le=64)
    threads: int = Field(default=8, ge=1, le=64)
    forwarded_allow_ips: str = "127.0.0.1"
    htmx_url: str = HTMX_URL
    smtp_url: str = ""
    mail_from: str = "grants@example.org"
    data_prefix: str = "baige"
    data_licence: str = "https://creativecommons.org/licenses/by/4.0/"
    webhooks_private: bool = False
    audit_years: int = Field(default=5, ge=0, le=30)
    letters_hold_minutes: int = Field(default=15, ge=0, le=1440)
    factual_error_days: int = Field(default=10, ge=1, le=90)
    log_level: str = "info"
    var: Path = Path("var")
    files: str = ""
    s3_bucket: str = ""
    s3_endpoint: str = ""
    s3_region: str = ""
    s3_key: str = ""
    s3_secret: SecretStr = SecretStr("")

    @property
    def secure(self) -> bool:
        """Whether browsers reach this site by https, so that cookies may be `__Host-` and Secure."""
        return self.base_url.startswith("https://")

    @property
    def files_folder(self) -> Path:
        """Where uploaded files are kept; outside of everything that is served."""
        return Path(self.files) if self.files else self.var / "files"

    @property
    def htmx_integrity(self) -> str:
        """The pinned bytes have one hash, wherever they are served from."""
        return HTMX_INTEGRITY

    @model_validator(mode="after")
    def _keep_the_demo_at_home(self) -> Self:
        if self.demo and self.host not in LOOPBACK:
            raise UnsafeSettings(
                "Refusing to start: in the demo anybody can be anybody, so BAIGE_HOST must be loopback."
            )
        return self

    @model_validator(mode="after")
    def _say_all_of_the_bucket(self) -> Self:
        secret = self.s3_secret.get_secret_value()
        rest = (self.s3_endpoint, self.s3_region, self.s3_key, secret)
        if not self.s3_bucket:
            if any(rest):
                raise UnsafeSettings("BAIGE_S3_BUCKET is missing, although other settings of it are there.")
            return self
        needed = {"BAIGE_S3_REGION": self.s3_region, "BAIGE_S3_KEY": self.s3_key, "BAIGE_S3_SECRET": secret}
        missing = [name for name, value in needed.items() if not value]
        if missing:
            raise UnsafeSettings(
                f"Files are to be kept in a bucket, but this is missing: {', '.join(missing)}."
            )
        if not BUCKET.fullmatch(self.s3_bucket):
            raise UnsafeSettings("BAIGE_S3_BUCKET is not the name of a bucket.")
        if self.s3_endpoint and not is_endpoint(self.s3_endpoint):
            raise UnsafeSettings("BAIGE_S3_ENDPOINT is not an address like https://s3.example.org.")
        return self

    @model_validator(mode="after")
    def _refuse_unsafe_production(self) -> Self:
        if not self.production:
            return self
        wrong = [reason for reason, is_wrong in self._dangers().items() if is_wrong]
        if wrong:
            raise UnsafeSettings("Refusing to start in production: " + "; ".join(wrong) + ".")
        return self

    def _dangers(self) -> dict[str, bool]:
        secret = self.secret_key.get_secret_value()
        return {
            "BAIGE_SECRET_KEY is missing, a default or shorter than 32 characters": (
                len(secret) < 32 or secret == DEVELOPMENT_SECRET or "changeme" in secret.lower()
            ),
            "BAIGE_BASE_URL is not https": not self.secure,
            "BAIGE_DEMO is on, which lets anybody sign in as anybody": self.demo,
            "BAIGE_S3_ENDPOINT is not https": (
                self.s3_endpoint.startswith("http://") and urlsplit(self.s3_endpoint).hostname not in LOOPBACK
            ),
            "BAIGE_WEBHOOKS_PRIVATE is on, so that a webhook could reach into this network": (
                self.webhooks_private
            ),
            "BAIGE_SMTP_URL is missing, so that no mail would leave": not self.smtp_url,
        }


def is_endpoint(address: str) -> bool:
    """Whether it is the address of a server and nothing more: no path, no name, no password in it."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    plain = not (parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and plain and port != 0
