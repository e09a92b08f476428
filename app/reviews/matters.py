"""Keeping how much waits about each application; who settles something says so in the same unit."""

from collections.abc import Mapping

from sqlalchemy import delete, update
from sqlmodel import Session, col

from app.models.matters import Matter, MatterKind


def settle_matters(session: Session, kind: MatterKind, left: Mapping[int, int]) -> None:
    """Application -> how much is left. What the job worker has not found yet stays its own to write."""
    for application, number in left.items():
        here = (col(Matter.application_id) == application, col(Matter.kind) == kind)
        session.execute(
            update(Matter).where(*here).values(number=number) if number else delete(Matter).where(*here)
        )
