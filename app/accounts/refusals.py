"""What an account refuses, beside what is missing."""

from app.errors import Conflict


class OnlyWayIn(Conflict):
    """Without e-mail the return code is the only way in: a new one replaces it, and nothing less."""

    code = "return_code.only_way_in"


class HasEmail(Conflict):
    """This account has an address; it is not changed here."""

    code = "own_email.has_one"
