"""From whom the documents of this installation are, in the reader's language."""

from fastapi import Request

from app.documents.sender import Sender, sender_of


def sender_for(request: Request, language: str) -> Sender:
    """The programme, kept for as long as it does not change."""
    return sender_of(language, request.state.programme.get(request.state.engine))
