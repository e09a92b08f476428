"""The names of a call and its parts, for the head of a coordinator's pages."""

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.messages import LANGUAGES
from app.models.calls import Call, Criterion
from app.models.columns import Texts
from app.models.panel import CallOrganisation, Organisation


def call_title(session: Session, coordinator: Coordinator, language: str) -> str:
    """The call's title in a language, or in the first that has it."""
    title = session.execute(_TITLE, {"call": coordinator.call_id}).scalar_one_or_none()
    return text_of(title or {}, language)


# A call is long: its head is read alone.
_TITLE = select(col(Call.title)).where(col(Call.id) == bindparam("call"))


def criterion_titles(session: Session, coordinator: Coordinator, language: str) -> dict[str, str]:
    """Criterion code -> title, in the order of the call."""
    rows = session.execute(_CRITERIA, {"call": coordinator.call_id})
    return {code: text_of(title, language) for code, title in rows}


# What the criteria ask, with their anchors, is long.
_CRITERIA = (
    select(col(Criterion.code), col(Criterion.title))
    .where(col(Criterion.call_id) == bindparam("call"))
    .order_by(col(Criterion.position))
)


def organisation_names(session: Session, coordinator: Coordinator, language: str) -> dict[str, str]:
    """Organisation code -> name, in the order of the call."""
    rows = session.exec(
        select(Organisation)
        .join(CallOrganisation, col(CallOrganisation.organisation_id) == Organisation.id)
        .where(CallOrganisation.call_id == coordinator.call_id)
        .order_by(col(CallOrganisation.position))
    )
    return {each.code: text_of(each.name, language) for each in rows}


def text_of(texts: Texts, language: str) -> str:
    """A text in a language, or in the first of the site's languages that has it."""
    return texts.get(language) or next((texts[other] for other in LANGUAGES if texts.get(other)), "")


def title_and_themes(session: Session, coordinator: Coordinator, language: str) -> tuple[str, dict[str, str]]:
    """The call's title, and theme code -> name in its order."""
    call = session.get(Call, coordinator.call_id)
    if call is None:
        return "", {}
    return text_of(call.title, language), {
        each["code"]: text_of(each["name"], language) for each in call.themes
    }


def title_of(session: Session, slug: str, language: str) -> str:
    """The title of a call named by its slug, in a language; "" of one that is not there."""
    found = session.execute(select(col(Call.title)).where(col(Call.slug) == slug)).scalar_one_or_none()
    return text_of(found or {}, language)


def themes_of(session: Session, slug: str, language: str) -> dict[str, str]:
    """Theme code -> name, of a call named by its slug; none of one that is not there."""
    found = session.execute(select(col(Call.themes)).where(col(Call.slug) == slug)).scalar_one_or_none()
    return {each["code"]: text_of(each["name"], language) for each in found or ()}
