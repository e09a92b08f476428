"""What each kind of mail says: rendered when it is sent, with what its recipient may then see."""

from collections.abc import Callable

from sqlmodel import Session

from app.accounts.codes import sign_in_code, sign_in_link_key
from app.accounts.queries import programme
from app.accounts.recipients import Recipient
from app.accounts.sign_ins import nonce_of
from app.jobs.rendering import Letter, NothingToSend, letter
from app.models.outbox import Mail
from app.settings import Settings

Renderer = Callable[[Session, Settings, Mail, Recipient], Letter]


def brand(session: Session, language: str) -> str:
    """The programme's name, as it stands under every mail."""
    row = programme(session)
    return row.name.get(language, "Baige") if row else "Baige"


def sign_in(session: Session, settings: Settings, mail: Mail, recipient: Recipient) -> Letter:
    """The code, and the link that leads to a button."""
    nonce = nonce_of(session, mail.sign_in_id)
    if nonce is None:
        raise NothingToSend("the request has ended")
    secret = settings.secret_key.get_secret_value()
    key = sign_in_link_key(secret, nonce)
    return letter(
        recipient.language,
        "sign_in",
        code=sign_in_code(secret, nonce),
        link=f"{settings.base_url}/{recipient.language}/sign-in/link?key={key}",
        brand=brand(session, recipient.language),
    )


RENDERERS: dict[str, Renderer] = {"sign_in": sign_in}
