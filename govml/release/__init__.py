"""Release: from an approved model package to safe traffic, and a ledger of every step that cannot be altered.

Standard library and boto3's clients only: the same code runs in the command line and in the release function.
"""
