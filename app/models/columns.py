"""Column types that several tables share."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Dialect, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Json = JSON().with_variant(JSONB(), "postgresql")

Texts = dict[str, str]
"""One text in the site's languages: keys `kk`, `ru`, `en`; a missing key is a missing translation."""


class Word(TypeDecorator[StrEnum]):
    """A StrEnum stored as its word, so that SQL stays readable and a new member needs no type change."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__(length=40)
        self.words = words

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


def word(words: type[StrEnum], **options: Any) -> Any:
    """A column that holds one word of `words`; add `one_of` to the table's arguments."""
    return Field(sa_type=Word(words), **options)


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """The database refuses any word that `words` does not have."""
    listed = ", ".join(f"'{member.value}'" for member in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_word")


def json(**options: Any) -> Any:
    """A JSON column (JSONB on PostgreSQL)."""
    return Field(sa_type=Json, **options)


def money(**options: Any) -> Any:
    """An integer count of minor units (euro cents or tiyn), wide enough for any envelope."""
    return Field(sa_type=BigInteger, **options)
