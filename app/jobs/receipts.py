"""The PDF that goes with a receipt: the whole copy where a mail can carry it, else its first page."""

from dataclasses import dataclass

import structlog

from app.accounts.mailbox import File
from app.documents.own_copy import copy_pdf, file_name
from app.documents.press import NotMade
from app.documents.sender import Sender
from app.errors import TooMany
from app.messages.copies import Copy

MOST_BYTES = 1_000_000
"""Of a mail as it travels, whatever is attached: the fullest proposal needs a fifth of it, and every mailbox
takes as much. Only what nobody could type is larger."""
FRAME_BYTES = 3_000
"""Headers, and the words around the copy."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Attached:
    """The file, and whether it holds all answers."""

    file: File
    whole: bool


def receipt_file(copy: Copy, sender: Sender, words: int) -> Attached | None:
    """What to attach to a mail that also has `words` bytes of text. None where no PDF could be made: the
    mail is the proof, and leaves without it."""
    try:
        made = copy_pdf(copy, sender)
        whole = FRAME_BYTES + _travelling(words) + _travelling(len(made)) <= MOST_BYTES
        if not whole:
            made = copy_pdf(copy, sender, answers=False)
    except (NotMade, TooMany):
        log.exception("receipt without its PDF")
        return None
    return Attached(File(f"{file_name(copy)}.pdf", "application/pdf", made), whole)


def _travelling(size: int) -> int:
    """Bytes in base64, in lines of 76 characters."""
    return size * 4 * 78 // (3 * 76)
