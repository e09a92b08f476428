"""What was uploaded: told by its content, cleaned in a process of its own, kept by its hash."""
