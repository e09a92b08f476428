"""What a mail says, and why one is not sent."""

from app.web.mail_text import Letter, letter

__all__ = ["Letter", "NotYet", "NothingToSend", "letter"]


class NothingToSend(Exception):
    """What the mail was about is gone, or its recipient may no longer know it."""


class NotYet(Exception):
    """It may not leave yet; it is looked at again."""
