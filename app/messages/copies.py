"""A whole application as plain text: for the receipt's mail and for a file."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.messages import formats
from app.messages.answers import Names, plain, shown, with_activities
from app.messages.catalogue import translations
from app.messages.labels import choices


def copy_in_words(
    language: str,
    head: Sequence[str],
    sections: Mapping[str, Mapping[str, Any]],
    names: Names,
) -> str:
    """Head lines, then every section with its questions and answers. `names` are the call's lists."""
    known = with_activities(language, names, sections.get("work_plan", {}))
    titles = choices(language, "sections")
    parts = [plain(titles[code], shown(language, code, data, known)) for code, data in sections.items()]
    return "\n\n".join(["\n".join(head), *parts]).rstrip() + "\n"


def receipt_lines(language: str, *, call: str, ref: str, number: int, sent_at: datetime) -> list[str]:
    """The head of the copy of a sending."""
    gettext = translations(language).ugettext
    return [
        call,
        gettext("Number: {number}").format(number=receipt_number(ref, number)),
        gettext("Received: {when}").format(when=formats.moment(language, sent_at)),
    ]


def draft_lines(language: str, *, call: str, ref: str) -> list[str]:
    """The head of the copy of what is written but not sent."""
    return [
        call,
        ref,
        translations(language).ugettext("This is what is written now, whether it was sent or not."),
    ]


def receipt_number(ref: str, number: int) -> str:
    """The number of a receipt: reference and number of the sending."""
    return f"{ref}/{number}"
