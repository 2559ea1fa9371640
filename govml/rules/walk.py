"""Every text of a value with the path to it, in one walk that all rules share."""

from __future__ import annotations

import base64
import binascii
from typing import Any, NamedTuple


class Text(NamedTuple):
    """One text somewhere in a resource's properties.

    Args:
        path: keys and places in lists, from the properties down.
        value: the text, resolved.
        name: the key that holds it; for an element of a list, the list's key.
    """

    path: tuple[str, ...]
    value: str
    name: str

    @property
    def where(self) -> str:
        """Return the path as a finding names it."""
        return ".".join(self.path)


def texts_in(value: Any) -> list[Text]:
    """Return the texts of a value; what `Fn::Base64` wraps is read as it was written."""
    found: list[Text] = []
    _collect(value, (), "", found)
    return found


def _collect(value: Any, path: tuple[str, ...], name: str, found: list[Text]) -> None:
    if isinstance(value, str):
        found.append(Text(path, _plain(value), name))
    elif isinstance(value, dict):
        for key, each in value.items():
            word = str(key)
            _collect(each, (*path, word), name if word.isdigit() else word, found)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            _collect(each, (*path, str(number)), name, found)


def _plain(text: str) -> str:
    if text.startswith("${Base64:"):
        try:
            return base64.b64decode(text[len("${Base64:") : -1], validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return text
    return text
