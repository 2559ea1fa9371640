"""`govml data`: raw data into the place from which the deployed pipeline reads it."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import click

from govml.cli.use_case import INTERPRETER, UseCase, open_use_case, options
from govml.errors import UserError


@click.group()
def data() -> None:
    """Put data where the pipeline reads it."""


@data.command()
@click.argument("use_case")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@options
def put(use_case: str, paths: tuple[Path, ...], config: str, environment: str) -> None:
    """Put CSV files (or the CSV files of a directory) in place of the raw data of USE_CASE."""
    from govml.execution.raw_data import count_rows, find_files

    rows = {file: count_rows(file) for file in find_files(paths)}
    put_files(open_use_case(config, environment, use_case), rows)


@data.command()
@click.argument("use_case")
@options
def sample(use_case: str, config: str, environment: str) -> None:
    """Make the synthetic sample of USE_CASE and put it in place of its raw data."""
    from govml.execution.local_run import require_interpreter
    from govml.execution.raw_data import count_rows, find_files

    case = open_use_case(config, environment, use_case)
    require_interpreter(INTERPRETER)
    with tempfile.TemporaryDirectory(prefix="govml-sample-") as directory:
        command = [str(INTERPRETER), "-m", "govml_pipeline.data", "sample"]
        made = subprocess.run(
            [*command, "--source", use_case, "--output", directory], capture_output=True, text=True, check=False
        )
        if made.returncode:
            said = (made.stderr or made.stdout).strip().splitlines()
            raise UserError(f"the sample cannot be made: {said[-1] if said else f'exit code {made.returncode}'}")
        put_files(case, {file: count_rows(file) for file in find_files([Path(directory)])})


def put_files(case: UseCase, rows: dict[Path, int]) -> None:
    """Upload files to the prefix that the deployed pipeline's InputDataUri names.

    Raises:
        UserError: the pipeline is not deployed, or the account refuses the data.
    """
    from govml.execution.account import deployed_pipeline, reachable
    from govml.execution.definition import parse_definition
    from govml.execution.local_run import INPUT_DATA_PARAMETER
    from govml.execution.objects import ObjectStore
    from govml.execution.raw_data import replace_data

    name = case.names.pipeline(case.name)
    definition = parse_definition(deployed_pipeline(case.account, name)["PipelineDefinition"])
    uris = [parameter.default for parameter in definition.parameters if parameter.name == INPUT_DATA_PARAMETER]
    if not uris or not str(uris[0]).startswith("s3://"):
        raise UserError(f"the pipeline {name} has no parameter {INPUT_DATA_PARAMETER} with an S3 URI")
    s3 = case.account.client("s3")
    store = ObjectStore(s3=s3, kms=case.account.client("kms"))
    with reachable():
        put_uris = replace_data(list(rows), str(uris[0]), store=store, s3=s3)
    for uri, count in zip(put_uris, rows.values(), strict=True):
        click.echo(f"put {uri} ({count} rows)")
