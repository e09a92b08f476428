"""The demo programme: two archived calls, one in review, one open. All applicants are invented.

It is loaded through the same actions that people use, at past instants, with codes that follow from
the day: the same day gives the same bytes.
"""
