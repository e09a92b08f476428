"""What both media need: a request's session, clock and actor, its guards, and refusal -> status."""
