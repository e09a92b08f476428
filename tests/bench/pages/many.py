"""Ten thousand applications out of 253, by SQL: whatever hangs on one is copied with it.

In the k-th copy a key is k million higher, so that copies refer to copies. Reviewers are copied too: each
still has as many applications to score as before.
"""

from sqlalchemy import Engine, inspect, text

COPIES = 39
STEP = 1_000_000

APPLICATIONS = "SELECT id FROM application WHERE call_id = :call AND id < :step"
SENDINGS = f"SELECT id FROM sending WHERE application_id IN ({APPLICATIONS})"
ASSIGNMENTS = "SELECT id FROM assignment WHERE call_id = :call AND id < :step"
REVIEWERS = "SELECT person_id FROM panel_member WHERE call_id = :call AND role = 'reviewer' AND id < :step"
APPLICANTS = f"SELECT person_id FROM applicant WHERE application_id IN ({APPLICATIONS})"

COPIED = {
    "person": f"id IN ({REVIEWERS} UNION {APPLICANTS})",
    "panel_member": "call_id = :call AND role = 'reviewer' AND id < :step",
    "application": "call_id = :call AND id < :step",
    "applicant": f"application_id IN ({APPLICATIONS})",
    "sending": f"application_id IN ({APPLICATIONS})",
    "packet": f"sending_id IN ({SENDINGS})",
    "cleared_packet": f"application_id IN ({APPLICATIONS})",
    "identity": f"sending_id IN ({SENDINGS})",
    "trace": f"sending_id IN ({SENDINGS})",
    "assignment": "call_id = :call AND id < :step",
    "review": f"assignment_id IN ({ASSIGNMENTS})",
    "review_score": f"assignment_id IN ({ASSIGNMENTS})",
}
"""Table -> which of its rows are copied; what is referred to comes first."""

KEYS = {"id", "person_id", "application_id", "sending_id", "assignment_id", "member_id", "sent_by"}
"""Columns that hold the key of something that is copied."""

UNIQUE = {"ref", "code", "email"}
"""Columns in which no two rows may be alike."""


def multiply(engine: Engine, call: int) -> int:
    """Copy the call's applications 39 times; how many there are then."""
    with engine.connect() as connection, connection.begin():
        for number in range(1, COPIES + 1):
            for table, where in COPIED.items():
                names = [column["name"] for column in inspect(connection).get_columns(table)]
                values = ", ".join(_copied(name, number) for name in names)
                words = f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} WHERE {where}"
                connection.execute(text(words), {"call": call, "step": STEP})
        count = text("SELECT count(*) FROM application WHERE call_id = :call")
        found = int(connection.execute(count, {"call": call}).scalar_one())
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return found


def _copied(name: str, number: int) -> str:
    if name in KEYS:
        return f"{name} + {number * STEP}"
    return f"{name} || '-{number}'" if name in UNIQUE else name
