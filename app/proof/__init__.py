"""Looking for applicants' known secrets in everything that reviewers can fetch or were sent, and saying what
was found: `known.py` says what is secret, `seeking.py` looks for it, `running.py` keeps a check going,
`reports.py` is what a coordinator reads. Asking the site as a reviewer does is `app/proving.py`.
"""
