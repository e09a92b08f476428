"""From closed reviews to announced winners: the order, the holes, the awards, the announcement."""
