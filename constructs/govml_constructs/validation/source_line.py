"""Where in the code a function was called, in words that are the same on every machine."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from types import FrameType

_REPOSITORY = Path(__file__).resolve().parents[3]
_INSTALLED = ("site-packages", "dist-packages")


def caller() -> str:
    """Return file and line of the call of the function that calls this one, as in `stacks/foundation/network.py:103`.

    The path is relative to the repository. Code that lies elsewhere (a package that was installed, an agency's own app)
    is named by its module instead, `their_package/data.py:12`: an assembly must not tell where it was made.
    """
    frame = sys._getframe(2)
    return f"{_named(frame.f_code.co_filename, _module(frame))}:{frame.f_lineno}"


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "__main__"))


@lru_cache
def _named(filename: str, module: str) -> str:
    path = Path(filename).resolve()
    if path.is_relative_to(_REPOSITORY):
        relative = path.relative_to(_REPOSITORY)
        if not set(_INSTALLED) & set(relative.parts):
            return relative.as_posix()
    if module == "__main__":
        return path.name
    return f"{module.replace('.', '/')}.py"
