"""Agency file -> text, refusing everything that is not a small text file."""

from __future__ import annotations

from pathlib import Path

from govml.errors import UserError

MAX_BYTES = 256 * 1024


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises:
        UserError: missing, a folder or a device, larger than 256 KiB, not readable, not UTF-8.
    """
    hint = "give the path of an agency file, such as config/sandbox.yaml"
    try:
        if not path.exists():
            raise UserError(f"{path} does not exist", hint=hint)
        if not path.is_file():  # a pipe or a device could block for ever, or never end
            raise UserError(f"{path} is not a file", hint=hint)
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or "not a file name"
        raise UserError(f"{str(path)!r} cannot be read: {reason}", hint=hint) from error
    if len(content) > MAX_BYTES:
        raise UserError(
            f"{path} is larger than {MAX_BYTES // 1024} KiB", hint="an agency file is a few hundred short lines"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UserError(
            f"{path}:{line}: not UTF-8 (byte {content[error.start]:#04x})", hint="save it as UTF-8"
        ) from error
