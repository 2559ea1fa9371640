"""What the commands on a use case share: `--config`, `--environment`, and the way to the local account."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from govml.errors import UserError

if TYPE_CHECKING:
    from govml.local import Connection
    from govml.settings.names import Names

REPOSITORY = Path(__file__).resolve().parents[2]
INTERPRETER = REPOSITORY / "pipeline_code" / ".venv" / "bin" / "python"
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class UseCase:
    """A use case of the agency file, in one environment of the local account."""

    name: str
    environment: str
    names: Names
    account: Connection


def options(command: F) -> F:
    """Add `--config` and `--environment` to a command."""
    for option in (
        click.option("--environment", default="dev", show_default=True, help="Environment of the agency file."),
        click.option("--config", default="config/sandbox.yaml", show_default=True, help="The agency file."),
    ):
        command = option(command)
    return command


def open_use_case(config: str, environment: str, name: str) -> UseCase:
    """Read the agency file and connect to the local account.

    Raises:
        UserError: the file, environment or use case is wrong, or the account is not running.
    """
    from govml.local import connection
    from govml.settings import load_settings
    from govml.settings.names import Names

    settings = load_settings(Path(config))
    settings.environment(environment)
    if name not in settings.use_cases:
        near = difflib.get_close_matches(name, settings.use_cases, n=1)
        hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(settings.use_cases) or 'none'}"
        raise UserError(f"{config} has no use case {name}", hint=hint)
    return UseCase(name, environment, Names(settings.agency, environment), connection())


def exit_on_failure(failed: bool) -> None:
    """Exit with 1 if a run or check failed."""
    if failed:
        sys.exit(1)


def request_body(file: Path | None) -> bytes:
    """Return a request's body from a file, or from standard input where there is none.

    Raises:
        UserError: there is nothing to read, or it is not JSON.
    """

    if file is None and sys.stdin.isatty():
        raise UserError("there is no request", hint="give a file with --json FILE, or pipe one in")
    try:
        body = file.read_bytes() if file else sys.stdin.buffer.read()
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}") from error
    try:
        json.loads(body)
    except ValueError as error:
        raise UserError(f"{file or 'standard input'} is not JSON: {error}") from error
    return body
