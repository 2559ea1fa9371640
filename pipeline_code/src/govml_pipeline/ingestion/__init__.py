"""Ingestion: delivered files into a curated table, each row once, in any order of events, whatever breaks in between.

The table is a function of the set of files that were delivered: each run lists what is there, takes in what the ledger
does not know, and commits table and ledger in one Iceberg transaction. See docs/adr/0017.
"""
