"""The announcement in the hall."""
