"""`govml usecase`: start a new use case."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import click

from govml.cli.use_case import INTERPRETER, REPOSITORY
from govml.errors import UserError
from govml.execution.local_run import require_interpreter
from govml.scaffold.columns import Kind, example
from govml.scaffold.inference import infer
from govml.scaffold.names import check_name
from govml.scaffold.writer import agency_entry, write_use_case


@click.group()
def usecase() -> None:
    """Start a new use case."""


@usecase.command()
@click.argument("name")
@click.option("--kind", type=click.Choice(get_args(Kind)), required=True, help="What is asked of the model.")
@click.option(
    "--from-csv",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Draft the contract from this file; without it the columns are made up.",
)
@click.option("--time", help="Column of months (YYYY-MM) of the file.")
@click.option("--target", default="", help="Column of the file to predict.")
@click.option("--key", multiple=True, help="Column that tells records apart; may be repeated (default: all inputs).")
@click.option("--root", type=click.Path(file_okay=False, path_type=Path), default=REPOSITORY, hidden=True)
@click.option("--definition/--no-definition", default=True, help="Author definition.json too (takes some seconds).")
def new(  # noqa: PLR0917  click's options
    name: str,
    kind: Kind,
    file: Path | None,
    time: str | None,
    target: str,
    key: tuple[str, ...],
    root: Path,
    definition: bool,
) -> None:
    """Write the use case NAME: contract, sample, features, definition, pipeline, tests and page.

    It runs at once, on its synthetic sample. Nothing that is there is replaced.
    """
    check_name(root, name)
    if file is None:
        if time or target or key:
            raise UserError("--time, --target and --key are about a file", hint="name it with --from-csv")
        dataset = example(kind)
    elif time is None:
        raise UserError("--from-csv needs --time", hint="name the file's column of months, such as --time month")
    else:
        dataset = infer(file, kind=kind, time=time, target=target, key=key)
    written = write_use_case(root, name, kind, dataset, author=_authoring(name) if definition else None)
    for path in written:
        click.echo(f"wrote {path.relative_to(root)}")
    click.echo(f"\nAdd to the agency file:\n\n{agency_entry(name, kind, dataset)}\n")
    click.echo(f"Then: govml local deploy, govml data sample {name}, govml pipeline run {name}")


def _authoring(name: str) -> Callable[[Path], None]:
    """Return a function that authors `definition.json` in a staging folder, in the pipeline's own environment."""

    def author(code: Path) -> None:
        require_interpreter(INTERPRETER)
        # `usecases` and `data_sources` are namespace packages: the new parts are found in the staging folder.
        path = os.pathsep.join(
            [str(code), str(REPOSITORY / "pipeline_code" / "src"), str(REPOSITORY / "pipeline_code")]
        )
        done = subprocess.run(
            [str(INTERPRETER), "-m", "govml_pipeline.authoring", f"usecases.{name}"],
            env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise UserError(
                f"the pipeline's definition cannot be authored: {said[-1] if said else f'exit code {done.returncode}'}",
                hint="`make install` brings the pipeline's environment; --no-definition leaves definition.json out",
            )

    return author
