"""Our style sheet and script without what only their writers need: comments and indentation.

No name is changed and no line of the script joined, so that a browser's error still names its words.
"""

import re

_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_SPACE = re.compile(r"\s*\n\s*")
_JS_COMMENT_LINE = re.compile(r"^/\*(?:(?!\*/).)*\*/$", re.DOTALL)


def slim(name: str, source: str) -> str:
    """The file as browsers get it; what is neither a sheet nor a script stays as it is."""
    if name.endswith(".css"):
        return _CSS_SPACE.sub("\n", _CSS_COMMENT.sub("", source)).strip() + "\n"
    if name.endswith(".js"):
        lines = (line.strip() for line in source.splitlines())
        return "\n".join(line for line in lines if line and not _JS_COMMENT_LINE.match(line)) + "\n"
    return source
