"""`govml data`: files of a data source into the raw zone, and from there into its curated table."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import click

from govml.cli.data_source import DataSource, open_source
from govml.cli.use_case import INTERPRETER, options
from govml.errors import UserError


@click.group()
def data() -> None:
    """Deliver files of a data source, and bring them into the lake."""


@data.command()
@click.argument("source")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@options
def put(source: str, paths: tuple[Path, ...], config: str, environment: str) -> None:
    """Put CSV files (or the CSV files of a directory) of SOURCE into the raw zone.

    With ingestion they come beside what was delivered before; without it they take its place.
    """
    from govml.execution.raw_data import count_rows, find_files

    rows = {file: count_rows(file) for file in find_files(paths)}
    put_files(open_source(config, environment, source), rows)


@data.command()
@click.argument("source")
@options
def sample(source: str, config: str, environment: str) -> None:
    """Make the synthetic sample of SOURCE and put it into the raw zone."""
    from govml.execution.local_run import require_interpreter
    from govml.execution.raw_data import count_rows, find_files

    opened = open_source(config, environment, source)
    require_interpreter(INTERPRETER)
    with tempfile.TemporaryDirectory(prefix="govml-sample-") as directory:
        command = [str(INTERPRETER), "-m", "govml_pipeline.data", "sample"]
        made = subprocess.run(
            [*command, "--source", source, "--output", directory], capture_output=True, text=True, check=False
        )
        if made.returncode:
            said = (made.stderr or made.stdout).strip().splitlines()
            raise UserError(f"the sample cannot be made: {said[-1] if said else f'exit code {made.returncode}'}")
        put_files(opened, {file: count_rows(file) for file in find_files([Path(directory)])})


@data.command()
@click.argument("source")
@options
@click.option("--keep", is_flag=True, help="Keep the step's /opt/ml directory, not only that of a failed step.")
def ingest(source: str, config: str, environment: str, keep: bool) -> None:
    """Run the deployed ingestion of SOURCE on this machine: delivered files into its curated table."""
    from govml.cli.running import machine, run_here
    from govml.execution.local_run import Target, prepare_run

    opened = open_source(config, environment, source)
    if not opened.ingested:
        raise UserError(
            f"{config} has no ingestion: models are trained on the files of the raw zone",
            hint="turn features.ingestion on, and deploy again",
        )
    target = Target(opened.names.ingestion_pipeline(source), source, environment, {})
    run_here(prepare_run(target, machine(opened.account, workers=1, keep=keep)))


def put_files(source: DataSource, rows: dict[Path, int]) -> None:
    """Upload files to the source's prefix of the raw zone.

    Raises:
        UserError: the zones are not deployed, or the account refuses the data.
    """
    from govml.execution.account import reachable
    from govml.execution.objects import ObjectStore
    from govml.execution.raw_data import add_data, replace_data

    s3 = source.account.client("s3")
    store = ObjectStore(s3=s3, kms=source.account.client("kms"))
    with reachable():
        put_data = add_data if source.ingested else replace_data
        put_uris = put_data(list(rows), source.raw_uri(), store=store, s3=s3)
    for uri, count in zip(put_uris, rows.values(), strict=True):
        click.echo(f"put {uri} ({count} rows)")
