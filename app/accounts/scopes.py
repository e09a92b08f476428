"""What an API token may do: a role, for reading or for writing."""

SCOPES = (
    "applicant:read",
    "applicant:write",
    "reviewer:read",
    "reviewer:write",
    "coordinator:read",
    "coordinator:write",
    "contact:read",
    "contact:write",
)
