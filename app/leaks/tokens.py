"""Words and numbers in a text, wherever a line, a hyphen or an apostrophe breaks them."""

import re

TOKEN = re.compile(r"[^\W\d_]+(?:[\u00ad\u200b-\u200d]*(?:['’ʼ`‘]|[\-‐‑\u00ad]\n?)[^\W\d_]+)*|\d+[^\W\d_]?")
"""A word with all that is joined to it, or a number with its letter (`12а`)."""
PART = re.compile(r"[^\W\d_]+|\d+[^\W\d_]?")
"""The same without what joins."""
WORD = re.compile(r"[^\W_]+(?:['’ʼ`‘\-‐‑\u00ad][^\W_]+)*")
"""A word of a name, in which digits may stand (`Zhastar4city`)."""
