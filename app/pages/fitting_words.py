"""What stands against somebody who could score an application, in words."""

from collections.abc import Iterable

from app.messages.labels import choices
from app.reviews.fitting import Lack


def lacking(language: str, lacks: Iterable[Lack], written_in: str) -> list[str]:
    """What of the reviewer stands against it, the gravest first. `written_in`: the application's language."""
    words, spoken = choices(language, "lacks"), choices(language, "languages")
    return [words[lack].format(language=spoken.get(written_in, written_in)) for lack in lacks]
