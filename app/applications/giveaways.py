"""What a coordinator wrote in an applicant's stead, looked through like the applicant's own words."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.applications.coverings import key_of_place
from app.applications.own_leaks import accounts_of
from app.leaks.finder import Finder
from app.leaks.places import answers_of, words_at
from app.leaks.secrets import secrets_of
from app.models.people import Identity


def giveaways(
    session: Session, ref: str, sending_id: int, data: Mapping[str, Any], texts: Mapping[str, str]
) -> dict[str, list[str]]:
    """Place -> the words in its new text that may say who applies; where there are none, no place.

    `data` is what was sent: where it asks for a source, a link is no giveaway. Two queries, or none.
    """
    if not texts:
        return {}
    identity = session.execute(_identity(), {"sending": sending_id}).scalar() or {}
    finder = Finder(secrets_of(identity, accounts_of(session, ref)))
    sources = {key_of_place(each.place) for each in answers_of(data) if not each.links}
    found = {
        place: words_at(text, [(hit.start, hit.end) for hit in finder.hits(text, links=place not in sources)])
        for place, text in texts.items()
    }
    return {place: words for place, words in found.items() if words}


@cache
def _identity() -> Any:
    return select(col(Identity.data)).where(col(Identity.sending_id) == bindparam("sending"))
