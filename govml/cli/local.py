"""`govml local`: start and stop the local account; bootstrap, deploy, compare, destroy and report."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govml.cli.local_serve import predict, serve
from govml.cli.local_work import work
from govml.cli.use_case import options

if TYPE_CHECKING:
    from govml.local.access import Connection
    from govml.local.cdk_cli import CliRun
    from govml.settings import Settings

DEFAULT_PORT = 4566


@click.group()
def local() -> None:
    """The local account: an AWS emulator on loopback. Nothing here ever talks to AWS."""


@dataclass(frozen=True)
class Target:
    """One environment of an agency file."""

    settings: Settings
    config: Path
    environment: str
    account: str


def _target(config: str, environment: str) -> Target:
    from govml.settings import load_settings

    settings = load_settings(Path(config))
    return Target(settings, Path(config), environment, settings.environment(environment).account)


def _open(config: str, environment: str) -> tuple[Target, Connection]:
    """Read the agency file and connect; the running account must be the one that the file names."""
    from govml.errors import UserError
    from govml.local import connection

    target, access = _target(config, environment), connection()
    if (access.account, access.region) != (target.account, target.settings.region):
        raise UserError(
            f"the local account runs as {access.account} in {access.region}, but {config} says {target.account} in "
            f"{target.settings.region} for {environment}",
            hint="end it with `govml local down` and start it with this file",
        )
    return target, access


@local.command()
@options
@click.option("--port", type=click.IntRange(1024, 65535), default=DEFAULT_PORT, show_default=True)
def up(*, config: str, environment: str, port: int) -> None:
    """Start an empty account for one environment of the agency file."""
    from govml.local import lifecycle, toolchain

    target = _target(config, environment)
    toolchain.require_node()
    toolchain.require_cdk()
    started = lifecycle.up(account_id=target.account, region=target.settings.region, port=port)
    if started.recovered:
        click.echo("an earlier local account had died; its remains are cleared")
    click.echo(
        f"local account {target.account} in {target.settings.region} answers at {started.connection.endpoint_url} "
        f"(process {started.pid}, {started.seconds:.1f} s)"
    )
    click.echo("its state is in memory only: it is empty now, and `govml local down` forgets everything")


@local.command()
def down() -> None:
    """Stop the account and all that it started."""
    from govml.local import lifecycle

    click.echo("local account stopped" if lifecycle.down() else "no local account was running")


@local.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(*, as_json: bool) -> None:
    """Tell whether the account runs (exit code 0) or not (1)."""
    from dataclasses import asdict

    from govml.local import health, state

    known, alive = state.read_state(), state.is_running()
    running = alive and known is not None
    answers = running and known is not None and health.answers(known.port)
    if as_json:
        details = asdict(known) if running and known is not None else {}
        click.echo(json.dumps({"running": running, "answers": answers, **details}))
    elif not running or known is None:
        click.echo("not running" + (" (an earlier one died)" if known is not None else ""))
    else:
        mood = "runs" if answers else "runs but does not answer"
        click.echo(
            f"{mood}: account {known.account} in {known.region}, http://127.0.0.1:{known.port}, process {known.pid}, "
            f"since {known.started}"
        )
    sys.exit(0 if running else 1)


def _assembly(target: Target, assembly: Path | None, *, allow_destroy: bool = False) -> Path:
    from govml.local import deployment

    if assembly is not None:
        return deployment.require_assembly(assembly)
    context = [f"govml:allow-destroy={target.settings.agency}-{target.environment}"] if allow_destroy else []
    return deployment.synthesise(target.config, target.environment, context=context)


def _done(stack: str, outcome: str) -> None:
    click.echo(f"  {stack:<44} {outcome}")


def _finish(result: CliRun, success: str) -> None:
    """Say how a run of the CDK CLI went; a failed one ends this process with 1."""
    if result.code == 0:
        click.echo(success)
        return
    for line in result.trouble[:20]:
        click.echo(f"  {line}", err=True)
    click.echo(f"the CDK CLI failed (exit code {result.code}); its whole output: {result.log}", err=True)
    sys.exit(1)


ASSEMBLY = click.option(
    "--assembly",
    type=click.Path(path_type=Path),
    help="Folder of an assembly that `govml synth` made; without it, one is made now.",
)
ALLOW_DESTROY = click.option(
    "--allow-destroy", is_flag=True, help="Second key to deleting data, beside `removal: destroy` in the agency file."
)
STACKS = click.argument("stacks", nargs=-1)


@local.command()
@options
@ASSEMBLY
def bootstrap(*, config: str, environment: str, assembly: Path | None) -> None:
    """Run `cdk bootstrap` with the execution policies that `govml bootstrap print` computes from the templates."""
    from govml.bootstrap.assembly import read_stacks
    from govml.bootstrap.kit import kit
    from govml.local.bootstrap import bootstrap as run

    target, access = _open(config, environment)
    prepared = kit(target.settings, read_stacks(_assembly(target, assembly)), [target.environment])
    _finish(run(access, prepared), f"bootstrapped, with {len(prepared.policies)} execution policies")
    if prepared.permissions_boundary:
        boundary = prepared.permissions_boundary
        click.echo(f"{boundary} is a stand-in here that allows everything: its content is not known")


@local.command()
@STACKS
@options
@ASSEMBLY
@ALLOW_DESTROY
def deploy(
    *, stacks: tuple[str, ...], config: str, environment: str, assembly: Path | None, allow_destroy: bool
) -> None:
    """Deploy all stacks, or the STACKS that are named, with the CDK CLI."""
    from govml.local import deployment, images

    target, access = _open(config, environment)
    folder = _assembly(target, assembly, allow_destroy=allow_destroy)
    result = deployment.deploy(access, folder, stacks, on_stack=_done)
    for image in images.stand_in(access) if result.code == 0 else []:
        click.echo(f"  {image} is a stand-in without layers: here its dependencies are this machine's")
    _finish(result, f"{len(result.stacks)} stacks deployed into a local emulator; `govml local report` tells its gaps")


@local.command()
@STACKS
@options
@ASSEMBLY
@ALLOW_DESTROY
def diff(*, stacks: tuple[str, ...], config: str, environment: str, assembly: Path | None, allow_destroy: bool) -> None:
    """Compare the stacks with what is deployed; exit code 1 when they differ."""
    from govml.local import deployment

    target, access = _open(config, environment)
    result = deployment.diff(access, _assembly(target, assembly, allow_destroy=allow_destroy), stacks)
    click.echo(deployment.without_progress(result.log.read_text()))
    sys.exit(1 if result.code else 0)


@local.command()
@STACKS
@options
@ASSEMBLY
@ALLOW_DESTROY
def destroy(
    *, stacks: tuple[str, ...], config: str, environment: str, assembly: Path | None, allow_destroy: bool
) -> None:
    """Delete all stacks, or the STACKS that are named. What a template retains stays."""
    from govml.local import deployment

    target, access = _open(config, environment)
    folder = _assembly(target, assembly, allow_destroy=allow_destroy)
    result = deployment.destroy(access, folder, stacks, on_stack=_done)
    for item in result.retained:
        click.echo(f"  retained: {item}")
    _finish(result, "destroyed")


@local.command()
def report() -> None:
    """Tell, per resource type, how real it is here and which properties the emulator lost."""
    from govml.local.report import lines, read_report

    for line in lines(read_report()):
        click.echo(line)


local.add_command(serve)
local.add_command(predict)
local.add_command(work)
