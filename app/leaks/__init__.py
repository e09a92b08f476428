"""Finding what gives an applicant away in texts that reviewers will read: pure, without database or words.

`secrets.py` says what is known of the applicant, `finder.py` looks for it, `places.py` says where to look.
"""
