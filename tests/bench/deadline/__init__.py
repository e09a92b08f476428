"""253 drafts as a deadline passes, on both engines."""
