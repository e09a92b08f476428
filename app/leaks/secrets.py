"""What is known of who applies: the words that reviewers must not meet in any text."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.leaks.kinds import Kind


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of the team as they signed up; without an address, `email` is empty."""

    name: str
    email: str
    own: bool


@dataclass(frozen=True, slots=True)
class Secrets:
    """As typed, each with what it gives away; `people` are whole names, `called` how somebody is called."""

    people: tuple[tuple[Kind, str], ...] = ()
    called: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    websites: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


def secrets_of(identity: Mapping[str, Mapping[str, Any]], accounts: Iterable[Account] = ()) -> Secrets:
    """The secrets in the sections that name people (drafts or as they were sent), and of the accounts."""
    given = list(accounts)
    people: list[tuple[Kind, str]] = []
    for section in ("team", "candidate"):
        data = identity.get(section) or {}
        own = " ".join(_said(data, "given_name", "patronymic", "family_name"))
        people += [(Kind.OWN_NAME, own), *((Kind.TEAM_NAME, name) for name in _members(data, "name"))]
    people += [(Kind.OWN_NAME if each.own else Kind.TEAM_NAME, each.name) for each in given]
    team = identity.get("team") or {}
    candidate = identity.get("candidate") or {}
    return Secrets(
        people=tuple(dict.fromkeys((kind, name) for kind, name in people if name.strip())),
        called=tuple(_said(team, "stage_name")),
        organisations=tuple(_said(team, "organisation_name_kk", "organisation_name_ru")),
        addresses=tuple(_said(team, "address")),
        emails=(
            *_said(team, "email"),
            *_said(candidate, "email"),
            *_members(team, "email"),
            *(each.email for each in given if each.email),
        ),
        phones=(*_said(team, "phone"), *_said(candidate, "phone")),
        websites=tuple(_said(team, "website")),
        numbers=tuple(_said(team, "bin")),
    )


def _said(data: Mapping[str, Any], *names: str) -> list[str]:
    return [value for name in names if isinstance(value := data.get(name), str) and value.strip()]


def _members(data: Mapping[str, Any], name: str) -> Iterator[str]:
    for row in data.get("members") or ():
        yield from _said(row, name)
