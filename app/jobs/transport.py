"""How a rendered mail leaves: by SMTP, or into the development mailbox and the console."""

import smtplib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import structlog
from sqlalchemy import Engine

from app.accounts.mailbox import keep_mail
from app.database import session_on
from app.jobs.rendering import Letter
from app.settings import Settings

log = structlog.get_logger()
SECONDS = 20


def deliver(engine: Engine, settings: Settings, mail_id: int, to: str, letter: Letter, now: datetime) -> None:
    """Send one mail to one recipient. Raises OSError or SMTPException when it could not."""
    if settings.smtp_url:
        _by_smtp(settings, message_of(settings, mail_id, to, letter))
        return
    with session_on(engine) as session, session.begin():
        keep_mail(
            session,
            recipient=to,
            subject=letter.subject,
            body=letter.body,
            now=now,
            files=letter.files,
        )
    log.info("mail kept in the development mailbox", to=to, subject=letter.subject)


def message_of(settings: Settings, mail_id: int, to: str, letter: Letter) -> EmailMessage:
    """One recipient, one fixed sender; the Message-ID comes from the outbox, so a repeat is known."""
    message = EmailMessage()
    message["From"] = Address(addr_spec=settings.mail_from)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = letter.subject
    message["Message-ID"] = f"<outbox-{mail_id}@{urlsplit(settings.base_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body, cte="base64")
    for file in letter.files:
        kind, _, subtype = file.media_type.partition("/")
        message.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
    return message


def _by_smtp(settings: Settings, message: EmailMessage) -> None:
    url = urlsplit(settings.smtp_url or "")
    host, secure = url.hostname or "localhost", url.scheme == "smtps"
    context = ssl.create_default_context()
    if secure:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, url.port or 465, timeout=SECONDS, context=context)
    else:
        connection = smtplib.SMTP(host, url.port or 25, timeout=SECONDS)
    with connection:
        if not secure and url.scheme == "smtp+starttls":
            connection.starttls(context=context)
        if url.username:
            connection.login(unquote(url.username), unquote(url.password or ""))
        connection.send_message(message)
