"""A winner's picture ends where its team takes the consent back."""

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.models.decisions import PublishedResult, WinnerPicture


def hide_picture(session: Session, application_id: int, now: datetime) -> None:
    """From now on no page shows the picture of this application; its bytes go with the next sweep."""
    public = select(col(PublishedResult.id)).where(col(PublishedResult.application_id) == application_id)
    session.execute(
        update(WinnerPicture)
        .where(col(WinnerPicture.result_id).in_(public), col(WinnerPicture.sha256).is_not(None))
        .values(
            sha256=None, media_type="", width=0, height=0, alt={},
            version=WinnerPicture.version + 1, changed_at=now,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
