"""The primary key of a row that is in the database."""


def key_of(key: int | None) -> int:
    """The key; a new row has one once it is flushed. RuntimeError before that: no row is ever number 0."""
    if key is None:
        raise RuntimeError("the row has not been written yet")
    return key
