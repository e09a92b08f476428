"""What both media need: a request's session, clock and actor, its guards, and refusal -> status."""

# Before any route is made: its path is compiled with what is known by then.
from app.web import addresses as addresses
