"""Reading away from a screen: all texts as one PDF, and a sheet to score on by hand.

What has to be read from the database is read at once; the file is made when what comes back is called.
"""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from app.accounts.actors import Reviewer
from app.documents.packets import PacketText, SheetCriterion, Taken, packet_pdf, sheet_pdf
from app.documents.sender import Sender
from app.messages import formats
from app.messages.answers import blind_answers, in_language
from app.messages.labels import choices
from app.reviews.taking import OwnTexts, own_texts


def texts_paper(
    session: Session, reviewer: Reviewer, part: int, language: str, sender: Sender, now: datetime
) -> Callable[[], bytes]:
    """One part of what this reviewer is still to score, in words of `language`."""
    own = own_texts(session, reviewer, part, now)
    titles = choices(language, "sections")
    texts = [
        PacketText(
            language,
            each.language,
            each.code,
            each.title,
            [
                (titles[section], answers)
                for section, answers in blind_answers(
                    language, own.themes, own.priorities, own.own_question, each.sections
                ).items()
            ],
        )
        for each in own.texts
    ]
    return lambda: packet_pdf(_taken(language, own, now), texts, sender)


def sheet_paper(
    session: Session, reviewer: Reviewer, part: int, language: str, sender: Sender, now: datetime
) -> Callable[[], bytes]:
    """The criteria, and boxes for each application of the same part."""
    own = own_texts(session, reviewer, part, now)
    criteria = [
        SheetCriterion(
            in_language(language, each.title),
            each.weight,
            in_language(language, each.asks),
            [(score, in_language(language, anchor)) for score, anchor in each.anchors.items()],
        )
        for each in own.rubric
    ]
    texts = [(each.code, each.title, each.language) for each in own.texts]
    return lambda: sheet_pdf(_taken(language, own, now), texts, criteria, sender)


def _taken(language: str, own: OwnTexts, now: datetime) -> Taken:
    return Taken(
        language=language,
        call=in_language(language, own.title),
        due=formats.moment(language, own.due_at) if own.due_at else "",
        missing=own.unanswered,
        at=now,
    )
