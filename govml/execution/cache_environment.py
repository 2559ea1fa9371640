"""What stands for the image in a cache key: the interpreter that runs the steps, and the packages beside it."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path


@functools.cache
def environment_digest(interpreter: Path) -> str:
    """Return a digest of the names and versions of everything that is installed for an interpreter.

    In the account a new image has a new URI, which makes every step other work; here the packages are the image.

    Args:
        interpreter: `<environment>/bin/python`; it is not followed to the Python that it links to.
    """
    libraries = interpreter.parent.parent / "lib"
    found = sorted(path.name for path in libraries.glob("python*/site-packages/*.dist-info"))
    versions = sorted(path.name for path in libraries.glob("python*"))
    return hashlib.sha256("\n".join([*versions, *found]).encode()).hexdigest()
