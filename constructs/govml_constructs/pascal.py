"""Construct ids from names: PascalCase, whatever the name's words are parted by."""

from __future__ import annotations

import re

_PARTING = re.compile(r"[-_.:]")


def pascal(name: str) -> str:
    """Return a name as a part of a construct id, as in `HdbResale` for `hdb_resale` or `hdb-resale`.

    Args:
        name: words parted by `-`, `_`, `.` or `:`. Names that differ in nothing else give the same part.
    """
    return _PARTING.sub("", name.title())
