"""The awards of a call as open data: grants of the 360Giving Data Standard, and the same as a table.

Only what is public is here: it is made of `PublicResults` alone. An id never changes, and neither does the
address at which it is found. A day is Almaty's, as on every page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.decisions.results import PublicResults, PublicWinner
from app.errors import NotFound
from app.messages.answers import in_language
from app.messages.formats import ALMATY
from app.models.columns import Texts

VERSION = "1.4"
CURRENCY = "EUR"
COUNTRY = "KZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who publishes, and where. `place(slug)` is the page of a winner, `district` are their names."""

    name: str
    prefix: str
    website: str
    page: str
    file: str
    licence: str
    statement: str
    correction: str
    districts: Mapping[str, str]
    themes: Mapping[str, str]


def awarded(results: PublicResults) -> list[PublicWinner]:
    """The winners with money, the first of the order first; NotFound while there is none to export."""
    found = [each for each in results.winners if each.amount_minor is not None]
    if not found:
        raise NotFound
    return found


def package(results: PublicResults, publisher: Publisher, language: str) -> dict[str, Any]:
    """A data package of the standard, valid by its schema."""
    winners = awarded(results)
    modified = last_change(results)
    return {
        "version": VERSION,
        "identifier": f"{publisher.prefix}-{results.call}",
        "title": in_language(language, results.title),
        "description": publisher.statement,
        "issued": min(each.published_at for each in winners).astimezone(ALMATY).date().isoformat(),
        "modified": _instant(modified),
        "publisher": {
            "identifier": _organisation(publisher, "publisher"),
            "name": publisher.name,
            "website": publisher.website,
        },
        "license": publisher.licence,
        "accessURL": publisher.page,
        "downloadURL": publisher.file,
        "grants": [_grant(results, each, publisher, language, modified) for each in winners],
    }


def _grant(
    results: PublicResults, winner: PublicWinner, publisher: Publisher, language: str, modified: datetime
) -> dict[str, Any]:
    corrections = [each for each in results.corrections if each.winner == winner.slug]
    return {
        "id": grant_id(publisher, winner),
        "title": winner.title,
        "description": summary_in(language, winner) or winner.title,
        "currency": CURRENCY,
        "amountAwarded": _euros(winner),
        "awardDate": winner.published_at.astimezone(ALMATY).date().isoformat(),
        "url": page_of(publisher, winner),
        "recipientOrganization": [
            {"id": _organisation(publisher, winner.slug), "name": recipient_of(winner)},
        ],
        "fundingOrganization": [{"id": _organisation(publisher, "publisher"), "name": publisher.name}],
        "grantProgramme": [
            {"code": results.call, "title": in_language(language, results.title), "url": publisher.page}
        ],
        "beneficiaryLocation": [
            {"name": publisher.districts.get(code, code), "countryCode": COUNTRY} for code in winner.districts
        ],
        "classifications": [{"vocabulary": "Theme", "code": winner.theme, "title": _theme(publisher, winner)}]
        if winner.theme
        else [],
        "fromOpenCall": "Yes",
        "relatedDocument": [
            {
                "id": each.code,
                "title": publisher.correction,
                "documentType": "Correction",
                "description": in_language(language, each.words),
                "url": f"{page_of(publisher, winner)}#correction-{each.code}",
                "dateModified": _instant(each.at),
            }
            for each in corrections
        ],
        "dateModified": _instant(modified),
        "dataSource": publisher.page,
    }


HEAD = (
    "Identifier", "Title", "Description", "Currency", "Amount Awarded", "Award Date", "URL",
    "Recipient Org:Identifier", "Recipient Org:Name", "Funding Org:Identifier", "Funding Org:Name",
    "Grant Programme:Code", "Grant Programme:Title", "Beneficiary Location:Name",
    "Beneficiary Location:Country Code", "Classifications:Title", "From An Open Call?", "Last Modified",
    "Data Source", "Related Document:Description",
)  # fmt: skip
"""The titles of the standard for tables; what has none there stands on a sheet of its own."""


def table(results: PublicResults, publisher: Publisher, language: str) -> list[list[object]]:
    """The same grants, one a row, under the titles that the standard gives."""
    rows: list[list[object]] = [[*HEAD]]
    for grant in package(results, publisher, language)["grants"]:
        rows.append(
            [
                *(grant[name] for name in ("id", "title", "description", "currency", "amountAwarded")),
                *(grant[name] for name in ("awardDate", "url")),
                *(grant["recipientOrganization"][0][name] for name in ("id", "name")),
                *(grant["fundingOrganization"][0][name] for name in ("id", "name")),
                *(grant["grantProgramme"][0][name] for name in ("code", "title")),
                "; ".join(each["name"] for each in grant["beneficiaryLocation"]),
                COUNTRY if grant["beneficiaryLocation"] else "",
                "; ".join(each["title"] for each in grant["classifications"]),
                *(grant[name] for name in ("fromOpenCall", "dateModified", "dataSource")),
                "; ".join(f"{each['title']}: {each['description']}" for each in grant["relatedDocument"]),
            ]
        )
    return rows


def about(results: PublicResults, publisher: Publisher, language: str) -> Sequence[Sequence[object]]:
    """Under which licence the table is, and from where: beside it, for it has no room for that."""
    made = package(results, publisher, language)
    return [
        ["meta", ""],
        ["version", made["version"]],
        *([name, made[name]] for name in ("title", "description", "license", "identifier")),
        *([name, made[name]] for name in ("issued", "modified", "accessURL", "downloadURL")),
        ["publisher:name", made["publisher"]["name"]],
        ["publisher:website", made["publisher"]["website"]],
        *(
            [f"{publisher.correction} ({_instant(each.at)})", in_language(language, each.words)]
            for each in results.corrections
        ),
    ]


def last_change(results: PublicResults) -> datetime:
    """When something of what is exported changed last."""
    changes = [each.published_at for each in results.winners]
    changes += [each.at for each in results.corrections]
    changes += [each.given_back_at for each in results.returned if each.given_back_at is not None]
    return max(changes)


def grant_id(publisher: Publisher, winner: PublicWinner) -> str:
    """The id of a grant: the publisher's prefix, the call, and the random code of the winner."""
    return f"360G-{publisher.prefix}-{winner.call}-{winner.slug}"


def page_of(publisher: Publisher, winner: PublicWinner) -> str:
    """The public page of a winner."""
    return f"{publisher.page}/{winner.slug}"


def recipient_of(winner: PublicWinner) -> str:
    """The team; where none was published, the project stands for it."""
    return winner.team or winner.title


def summary_in(language: str, winner: PublicWinner) -> str:
    """The programme's own sentences in a language, else the team's."""
    texts: Texts = winner.summaries or {}
    return texts.get(language) or winner.summary


def _organisation(publisher: Publisher, name: str) -> str:
    return f"360G-{publisher.prefix}:{name}"


def _euros(winner: PublicWinner) -> float | int:
    minor = winner.amount_minor or 0
    return minor // 100 if minor % 100 == 0 else minor / 100


def _theme(publisher: Publisher, winner: PublicWinner) -> str:
    return publisher.themes.get(winner.theme, winner.theme)


def _instant(when: datetime) -> str:
    return when.replace(microsecond=0).isoformat()
