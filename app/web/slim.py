"""Our style sheets and scripts without what only their writers need: comments and space between words.

No name is changed, so that a browser's error still names its words.
"""

import re

_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_SPACE = re.compile(r"\s*\n\s*")
_CSS_BETWEEN = re.compile(r"(?<=[{};])\s+")
_JS_COMMENT = re.compile(r"^[ \t]*/\*(?:(?!\*/).)*\*/[ \t]*$", re.DOTALL | re.MULTILINE)
_JS_SPACE = re.compile(
    r'("(?:[^"\\]|\\.)*"'
    r"""|(?:(?<=[(=,!&|] )|(?<=[(=,!&|])|(?<=return ))/(?:[^/\\\[]|\\.|\[(?:[^\]\\]|\\.)*\])+/)"""
    r"""| ?([{}()\[\];,:?=<>&|!*]|(?<!\+ )(?<!\+)\+(?! ?\+)) ?"""
)
"""A text or a pattern, which stays as it is, or a sign between two words, which needs no space."""
_JS_END = re.compile(r"(?<=[;{,(])\n")
"""Where a line cannot be taken for a whole statement without its end, that end says nothing."""


def slim(name: str, source: str) -> str:
    """The file as browsers get it; what is neither a sheet nor a script stays as it is."""
    if name.endswith(".css"):
        return _CSS_BETWEEN.sub("", _CSS_SPACE.sub("\n", _CSS_COMMENT.sub("", source))).strip() + "\n"
    if name.endswith(".js"):
        lines = (line.strip() for line in _JS_COMMENT.sub("", source).splitlines())
        return _JS_END.sub("", "\n".join(_JS_SPACE.sub(r"\1\2", line) for line in lines if line)) + "\n"
    return source
