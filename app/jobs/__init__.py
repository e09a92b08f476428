"""Work that no request waits for: sending mail, and cleaning up."""
