"""What a person may ask about their own data: a copy, a correction, to be forgotten."""
