"""Sessions and tokens: proofs of who is asking. They hold a person's key, never a name."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from app.models.columns import json


class BrowserSession(SQLModel, table=True):
    """A signed-in browser. Only the SHA-256 of the cookie's token is stored."""

    __tablename__ = "browser_session"

    token_hash: str = Field(primary_key=True, max_length=64)
    code: str = Field(unique=True, max_length=16)
    person_id: int = Field(foreign_key="person.id", index=True)
    browser: str = Field(default="", max_length=200)
    shared_computer: bool = False
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class ApiToken(SQLModel, table=True):
    """A bearer token for the API. Only its SHA-256 is stored; `hint` is its last four characters."""

    __tablename__ = "api_token"

    token_hash: str = Field(primary_key=True, max_length=64)
    code: str = Field(unique=True, max_length=16)
    person_id: int = Field(foreign_key="person.id", index=True)
    name: str = Field(max_length=100)
    scopes: list[Any] = json()
    hint: str = Field(max_length=4)
    created_at: datetime
    expires_at: datetime


class Throttle(SQLModel, table=True):
    """How often something was tried in the current window; `key` is a hash, not an address."""

    key: str = Field(primary_key=True, max_length=64)
    window_ends_at: datetime
    count: int
