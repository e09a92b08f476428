"""Which consents there are, and which of them an application cannot do without."""

CONSENT_VERSION = "2026-12"
"""Which wording of the consents was shown; a change of `consent.*` in the words changes this."""
NEEDED = ("processing", "publication")
OWN_PICTURE = "own_picture"
"""That the picture of the application is shown with the project, if it wins."""
OPTIONAL = (OWN_PICTURE, "pictures", "news")
"""May be given and taken back at any time, and change nothing about the application."""
