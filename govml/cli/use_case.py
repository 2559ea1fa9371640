"""What the commands on a use case share: `--config`, `--environment`, and the way to the local account."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from govml.errors import UserError

if TYPE_CHECKING:
    from govml.execution.account import Account
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
    account: Account


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
