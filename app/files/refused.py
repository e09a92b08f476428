"""Why a file cannot be taken, as the cleaning process says it."""


class Refused(Exception):
    """`code` has its sentence in `messages`."""

    def __init__(self, code: str, **params: int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
