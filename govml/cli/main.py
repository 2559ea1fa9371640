"""Entry point `govml`: lists the command groups and loads a group's module only when it is called."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from typing import NoReturn

import click

from govml import __version__
from govml.errors import UserError

# name -> (module, attribute, one line for `govml --help`); the module is imported on first use only,
# so that `govml --help` costs no AWS, CDK or YAML import.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "config": ("govml.cli.config", "config", "Check and show an agency file."),
    "cost": ("govml.cli.cost", "cost", "What the stacks cost, from the templates and a dated price table."),
    "network": ("govml.cli.network", "network", "Count the addresses that the network must hold."),
    "synth": ("govml.cli.synth", "synth", "Synthesise the stacks and run the gate over them."),
    "gate": ("govml.cli.gate", "gate", "Judge a synthesised assembly; the exit code is the truth."),
    "rules": ("govml.cli.rules", "rules", "Check any CloudFormation template by the own rules."),
    "bootstrap": (
        "govml.cli.bootstrap",
        "bootstrap",
        "Prepare an account: policies and commands, with CDK's stack or without.",
    ),
    "preflight": ("govml.cli.preflight", "preflight", "Compare what the stacks need with what the account has."),
    "evidence": ("govml.cli.evidence", "evidence", "Every rule over every resource, for a security reviewer."),
    "scan": ("govml.cli.scan", "scan_command", "Scanners of others over the synthesised templates."),
    "lineage": ("govml.cli.lineage", "lineage", "Where data comes from and goes to, drawn from the templates."),
    "local": ("govml.cli.local", "local", "The local account: an AWS emulator on loopback."),
    "usecase": ("govml.cli.use_case_new", "usecase", "Start a new use case: contract, code, tests and page."),
    "data": ("govml.cli.data", "data", "Deliver files of a data source, and bring them into the lake."),
    "pipeline": ("govml.cli.pipeline", "pipeline", "Run a deployed pipeline definition on this machine."),
    "model": ("govml.cli.model", "model", "List, approve and serve registered models on this machine."),
    "release": ("govml.cli.release", "release", "Approve, deploy, step back, freeze and retire model versions."),
    "grafana": ("govml.cli.grafana", "grafana", "Dashboards as code: write them out, or publish them."),
    "trace": ("govml.cli.trace", "trace", "From a request's correlation id to the training of its model."),
    "demo": ("govml.cli.demo", "demo", "From one agency file to a served prediction, in the local account."),
}


class LazyGroup(click.Group):
    """A click group whose commands are imported when they are called, not when they are listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the command names in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import and return one command; None lets click say that there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module}.{attribute} is not a click command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the command list from `COMMANDS`, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in COMMANDS.items()])


# What a path or a disk refuses, whatever the command wanted of it: told as the system tells it.
_NO_FAULT_OF_OURS = frozenset(
    {
        errno.EACCES,
        errno.EDQUOT,
        errno.EEXIST,
        errno.EISDIR,
        errno.ENAMETOOLONG,
        errno.ENOENT,
        errno.ENOSPC,
        errno.ENOTDIR,
        errno.EPERM,
        errno.EROFS,
    }
)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="govml")
def govml() -> None:
    """One agency file in, a secure, monitored ML and LLM platform out."""


def main() -> None:
    """Run the command line. Exit 0 on success, 1 on a failed check or run, 2 on a mistake of the user's."""
    try:
        govml(standalone_mode=True)
    except UserError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output (`| head`) has gone: not an error
        _leave_output(0)
    except OSError as error:
        if error.errno not in _NO_FAULT_OF_OURS:
            raise
        named = error.filename is not None
        place = os.fsdecode(error.filename)[:200] if named else "the output cannot be written"
        click.echo(f"error: {place}: {error.strerror}", err=True)
        _leave_output(UserError.exit_code if named else 1)


def _leave_output(code: int) -> NoReturn:
    """End without another attempt to write what is still in the buffer."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(code)


if __name__ == "__main__":
    main()
