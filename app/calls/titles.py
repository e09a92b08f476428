"""The names of a call and its parts, for the head of a coordinator's pages."""

from sqlmodel import Session, col, select

from app.accounts.actors import Coordinator
from app.messages import LANGUAGES
from app.models.calls import Call, Criterion
from app.models.columns import Texts
from app.models.panel import CallOrganisation, Organisation


def call_title(session: Session, coordinator: Coordinator, language: str) -> str:
    """The call's title in a language, or in the first that has it."""
    call = session.get(Call, coordinator.call_id)
    return text_of(call.title, language) if call else ""


def criterion_titles(session: Session, coordinator: Coordinator, language: str) -> dict[str, str]:
    """Criterion code -> title, in the order of the call."""
    rows = session.exec(
        select(Criterion).where(Criterion.call_id == coordinator.call_id).order_by(col(Criterion.position))
    )
    return {each.code: text_of(each.title, language) for each in rows}


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
