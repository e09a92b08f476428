"""Which reviews count: what every reader of reviews asks for once reviewing has closed."""

from sqlalchemy import func
from sqlmodel import col

from app.models.reviews import Assignment, Review, ReviewState, Tie

IS_COUNTED_REVIEW = (
    col(Assignment.withdrawn_at).is_(None),
    func.coalesce(Assignment.tie, Tie.NONE.value) != Tie.TIE.value,
    col(Review.state) == ReviewState.SENT,
)
"""`.where(*IS_COUNTED_REVIEW)` on assignments with their reviews: sent, not void by a tie, not taken back."""
