"""The demo programme: two archived calls, one in review, one whose panel meets, and one open; and three
evenings, of which one was, one is to be revealed, and one is about to begin.

All applicants are invented. It is loaded through the same actions that people use, at past instants, with
codes that follow from the day: the same day gives the same bytes.
"""
