"""Synthesises once, then deploys, compares and destroys that assembly with the CDK CLI."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from govml.errors import UserError
from govml.local.access import Connection
from govml.local.bootstrap import require_bootstrapped
from govml.local.cdk_cli import CONCURRENCY, CliRun, OnStack, run_cdk
from govml.local.paths import state_directory
from govml.synthesis import synthesise as govml_synth


def synthesise(config: Path, environment: str, *, output: Path | None = None, context: Sequence[str] = ()) -> Path:
    """Run `govml synth`, gate included, and return the folder of the assembly.

    Args:
        config: agency file.
        environment: environment of that file.
        output: where to; by default in the state directory, so that a `cdk.out` of the user's stays.
        context: further CDK context, as in `["govml:allow-destroy=sandbox-dev"]`.

    Raises:
        UserError: the synthesis or its gate failed; its own output has said why.
    """
    return govml_synth(config, environment, output=output or state_directory() / "cdk.out", context=context)


def require_assembly(assembly: Path) -> Path:
    """Return an assembly's absolute path.

    Raises:
        UserError: there is none.
    """
    if not (assembly / "manifest.json").is_file():
        raise UserError(f"there is no cloud assembly in {assembly}", hint="run `make synth`, or leave --assembly out")
    return assembly.resolve()


def _patterns(stacks: Sequence[str]) -> list[str]:
    """The CLI's patterns of stacks: all of every stage, or those that are named, with or without their stage."""
    return [name if "/" in name or "*" in name else f"**/{name}" for name in stacks] or ["**"]


def deploy(
    connection: Connection, assembly: Path, stacks: Sequence[str] = (), *, on_stack: OnStack | None = None
) -> CliRun:
    """Deploy the stacks of an assembly, as many at a time as their dependencies allow."""
    require_bootstrapped(connection, assembly)
    arguments = ["deploy", "--app", str(assembly), *_patterns(stacks), "--concurrency", str(CONCURRENCY)]
    arguments += ["--require-approval", "never", "--progress", "events"]
    return run_cdk(connection, arguments, log_name="cdk-deploy.log", on_stack=on_stack)


def diff(connection: Connection, assembly: Path, stacks: Sequence[str] = ()) -> CliRun:
    """Compare an assembly with what is deployed; the code is 1 when they differ."""
    arguments = ["diff", "--app", str(assembly), *_patterns(stacks), "--fail"]
    return run_cdk(connection, arguments, log_name="cdk-diff.log")


def without_progress(text: str) -> str:
    """Return what the CDK CLI's `diff` found, without its lines about publishing templates; the log keeps them."""
    told = [line for line in text.splitlines() if line and not line.startswith(("start: ", "success: ", "Hold on "))]
    return "\n".join(told)


def destroy(
    connection: Connection, assembly: Path, stacks: Sequence[str] = (), *, on_stack: OnStack | None = None
) -> CliRun:
    """Delete the stacks of an assembly. Resources that a template retains stay and are listed."""
    arguments = ["destroy", "--app", str(assembly), *_patterns(stacks), "--force", "--concurrency", str(CONCURRENCY)]
    return run_cdk(connection, arguments, log_name="cdk-destroy.log", on_stack=on_stack)
