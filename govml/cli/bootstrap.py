"""`govml bootstrap`: prepare an account for the stacks, with the CDK's bootstrap stack or without."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from govml.bootstrap.kit import Kit
    from govml.settings import Settings

_BUCKET = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")  # names with dots break TLS to the bucket
CONFIG = click.option("--config", default="config/sandbox.yaml", show_default=True, help="The agency file.")
ASSEMBLY = click.option(
    "--assembly",
    type=click.Path(path_type=Path),
    help="Folder that `govml synth` made of the same agency file; without it, one is made now.",
)


@click.group()
def bootstrap() -> None:
    """Prepare an account: policies computed from the templates, and the commands that use them."""


@bootstrap.command("print")
@CONFIG
@click.option("--environment", metavar="NAME", help="One environment's account; default: every account of the file.")
@click.option(
    "--output", type=click.Path(path_type=Path), help="Write policies and a script there, a folder an account."
)
@ASSEMBLY
def print_(*, config: str, environment: str | None, output: Path | None, assembly: Path | None) -> None:
    """Print the execution policies and the exact `cdk bootstrap` command.

    The policies allow what CloudFormation needs for the synthesised templates. They replace AdministratorAccess, which
    `cdk bootstrap` attaches when it is told nothing. This command changes nothing and needs no credentials.
    """
    from govml.bootstrap import commands
    from govml.settings import load_settings

    settings = load_settings(Path(config))
    with assembly_of(settings, Path(config), environment, assembly) as folder:
        kits = _kits(settings, folder, environment)
    if output is not None:
        for path in commands.write(kits, output):
            click.echo(path)
        return
    for kit in kits:
        for policy in kit.policies:
            click.echo(f"# {policy.name}.json")
            click.echo(commands.document_text(policy))
        for remark in commands.remarks(kit):
            click.echo(f"# Note: {remark}.")
        for text in [*commands.create_policies(kit), commands.bootstrap_command(kit)]:
            click.echo(text)


@contextmanager
def assembly_of(settings: Settings, config: Path, environment: str | None, assembly: Path | None) -> Iterator[Path]:
    """Yield the folder of an assembly: the one that is given, or one that is made for the while.

    Args:
        settings: the agency file.
        config: where it stands.
        environment: the environment wanted; the others of its account are made too, for they share its bootstrap stack.
        assembly: the folder that is given, or None.

    Raises:
        UserError: it is no assembly, or the synthesis failed.
    """
    from govml.synthesis import synthesise

    if environment is not None:
        settings.environment(environment)  # says so when there is none
    if assembly is not None:
        yield assembly
        return
    with tempfile.TemporaryDirectory(prefix="govml-") as folder:
        yield synthesise(config, None, output=Path(folder) / "cdk.out", quiet=True)


def _kits(settings: Settings, folder: Path, environment: str | None) -> list[Kit]:
    from govml.bootstrap.assembly import read_stacks
    from govml.bootstrap.kit import environments_of, kit

    stacks = read_stacks(folder)
    return [kit(settings, stacks, group) for group in environments_of(settings, environment)]


@bootstrap.command()
@CONFIG
@click.option("--environment", default="dev", show_default=True, help="Environment of the agency file.")
@click.option("--asset-bucket", metavar="NAME", required=True, help="The agency's bucket, for the code of the stacks.")
@click.option("--output", type=click.Path(path_type=Path), required=True, help="New or empty folder.")
@ASSEMBLY
def template(*, config: str, environment: str, asset_bucket: str, output: Path, assembly: Path | None) -> None:
    """Write what an account without `cdk bootstrap` needs: plain templates, the code, and scripts of `aws` commands."""
    from govml.bootstrap.assembly import read_stacks
    from govml.bootstrap.plain.folder import write_folder
    from govml.settings import load_settings

    if not _BUCKET.fullmatch(asset_bucket):
        raise click.BadParameter(
            f"{asset_bucket!r} is no bucket name (3 to 63 lower-case letters, digits and hyphens)",
            param_hint="--asset-bucket",
        )
    settings = load_settings(Path(config))
    with assembly_of(settings, Path(config), environment, assembly) as folder:
        written = write_folder(settings, read_stacks(folder), environment, asset_bucket=asset_bucket, directory=output)
    click.echo(
        f"{written.directory}: {len(written.stacks)} templates, {written.files} files to publish; see its README.md"
    )
    for name in written.left_out:
        click.echo(f"left out: {name} (its pipeline deploys through the roles that `cdk bootstrap` makes)")
