"""Which sending of an application counts: the join that every reader of packets needs."""

from sqlmodel import col

from app.models.applications import Application, Sending

IS_COUNTED_SENDING = (col(Sending.application_id) == col(Application.id)) & (
    col(Sending.number) == col(Application.counts_number)
)
"""`.join(Sending, IS_COUNTED_SENDING)`: the sending that counts now; none for a withdrawn application."""
