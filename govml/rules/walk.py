"""Every text of a value with the path to it, in one walk that all rules share."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any, NamedTuple


class Text(NamedTuple):
    """One text somewhere in a resource's properties.

    Args:
        path: keys and places in lists, from the properties down.
        value: the text, resolved.
    """

    path: tuple[str, ...]
    value: str

    @property
    def name(self) -> str:
        """Return the key that holds it; for an element of a list, the list's key."""
        for key in reversed(self.path):
            if not key.isdigit():
                return key
        return ""

    @property
    def where(self) -> str:
        """Return the path as a finding names it."""
        return ".".join(self.path)


def texts_in(value: Any, path: tuple[str, ...] = ()) -> Iterator[Text]:
    """Return the texts of a value; what `Fn::Base64` wraps is read as it was written."""
    if isinstance(value, str):
        yield Text(path, _plain(value))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from texts_in(each, (*path, str(key)))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from texts_in(each, (*path, str(number)))


def _plain(text: str) -> str:
    if text.startswith("${Base64:"):
        try:
            return base64.b64decode(text[len("${Base64:") : -1], validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return text
    return text
