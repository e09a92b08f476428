"""A return code as it is shown once: to be printed, copied by hand, or read aloud."""

from dataclasses import dataclass

from fastapi import Request

from app.accounts.return_codes import grouped
from app.messages.labels import choices
from app.pages.page import path_to


@dataclass(frozen=True, slots=True)
class SlipView:
    """The code in groups, how it is said, and where it is typed."""

    code: str
    aloud: str
    address: str


def slip_view(request: Request, language: str, code: str, owner: str = "") -> SlipView:
    """The slip for a code that was just made; it is known nowhere else.

    `owner` is the language of whoever is to come back, where somebody else reads the page.
    """
    names = choices(language, "letters_aloud")
    return SlipView(
        code=grouped(code),
        aloud=", ".join(names.get(character, character) for character in code),
        address=f"{request.state.settings.base_url}{path_to(owner or language, 'sign_in.return_code')}",
    )
