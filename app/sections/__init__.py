"""The sections of an application: one pydantic model each, from which everything else comes.

Form, API, public question list, checks and packet are made from these models. Pure: no table, no words.
"""
