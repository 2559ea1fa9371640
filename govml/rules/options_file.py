"""The options with which an assembly is to be judged, kept in the assembly: the agency file is not at hand there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from govml.errors import UserError
from govml.rules.options import Options

NAME = "govml-rules.json"


def save_options(assembly: Path, options: Options) -> None:
    """Write the options into an assembly's folder."""
    (assembly / NAME).write_text(json.dumps(asdict(options), indent=1) + "\n")


def load_options(assembly: Path) -> Options:
    """Return the options of an assembly, or the defaults when nobody has written any.

    Raises:
        UserError: the file is there and cannot be used.
    """
    path = assembly / NAME
    try:
        found = json.loads(path.read_bytes())
        return replace(Options(), **{key: _hashable(value) for key, value in found.items()})
    except FileNotFoundError:
        return Options()
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise UserError(f"{path} cannot be read: {error}", hint="run `govml synth`") from error


def assembly_options(templates: Iterable[Path]) -> Options | None:
    """Return the options of the assembly in which the first template lies, or None when it lies in none of ours."""
    for template in templates:
        for folder in list(template.resolve().parents)[:2]:  # a stage's templates lie one folder down
            if (folder / NAME).is_file():
                return load_options(folder)
        break
    return None


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
