"""Names that a new use case may have."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from typing import Final

from govml.errors import UserError

# A use case's name is that of its data source too, which has the shorter limit (govml/settings/values.py).
_FORM: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LENGTH: Final = range(2, 26)


def targets(root: Path, name: str) -> dict[str, Path]:
    """Where the parts of a use case go, by the part's name in the staging folder."""
    code = root / "pipeline_code"
    return {
        f"pipeline_code/data_sources/{name}": code / "data_sources" / name,
        f"pipeline_code/usecases/{name}": code / "usecases" / name,
        f"pipeline_code/tests/usecases/{name}": code / "tests" / "usecases" / name,
        f"docs/use-cases/{name.replace('_', '-')}.md": root / "docs" / "use-cases" / f"{name.replace('_', '-')}.md",
    }


def check_name(root: Path, name: str) -> None:
    """Check the name of a new use case.

    Raises:
        UserError: it has the wrong form, means something in Python, or is taken.
    """
    if not _FORM.fullmatch(name) or len(name) not in _LENGTH:
        raise UserError(
            f"{name!r} cannot be the name of a use case",
            hint="2 to 25 small letters, digits and single underscores, beginning with a letter: service_requests",
        )
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise UserError(f"{name!r} is a word of Python", hint="choose another name")
    if taken := [path for path in targets(root, name).values() if path.exists()]:
        raise UserError(
            f"use case {name!r} is there: {taken[0].relative_to(root)}", hint="choose another name; nothing is replaced"
        )
