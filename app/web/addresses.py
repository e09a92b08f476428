"""What an address may hold, where the framework thinks of it otherwise."""

from starlette.convertors import PathConvertor, StringConvertor, register_url_convertor


class NameConvertor(StringConvertor):
    """No name holds a NUL, because no text of the database does: such an address is 404."""

    regex = "[^/\x00]+"


class RestConvertor(PathConvertor):
    """A line break belongs to an address too: otherwise the API would not know it for its own."""

    regex = r"[\s\S]*"


register_url_convertor("str", NameConvertor())
register_url_convertor("path", RestConvertor())
