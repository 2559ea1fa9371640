"""`govml pipeline`: run the deployed pipeline of a use case on this machine; look at runs."""

from __future__ import annotations

import click

from govml.cli.running import machine, run_here
from govml.cli.use_case import open_use_case, options
from govml.errors import UserError
from govml.local.paths import state_directory


@click.group()
def pipeline() -> None:
    """Run a deployed pipeline definition on this machine."""


@pipeline.command()
@click.argument("use_case")
@options
@click.option("--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="Set a parameter; repeatable.")
@click.option("--workers", type=click.IntRange(1, 16), default=2, show_default=True, help="Steps at a time.")
@click.option("--keep", is_flag=True, help="Keep every step's /opt/ml directory, not only those of failed steps.")
@click.option("--no-cache", is_flag=True, help="Run every step, also those whose result an earlier run has left.")
@click.option("--batch", is_flag=True, help="Run the batch transform with the live model instead of the training.")
def run(
    *,
    use_case: str,
    batch: bool,
    config: str,
    environment: str,
    parameters: tuple[str, ...],
    workers: int,
    keep: bool,
    no_cache: bool,
) -> None:
    """Run the pipeline that is deployed for USE_CASE in the local account."""
    from govml.execution.local_run import Target, prepare_run

    given = parse_parameters(parameters)
    case = open_use_case(config, environment, use_case)
    name = case.names.batch_pipeline(use_case) if batch else case.names.pipeline(use_case)
    target = Target(name, use_case, environment, given)
    run_here(prepare_run(target, machine(case.account, workers=workers, keep=keep, use_cache=not no_cache)))


@pipeline.command()
@click.argument("run_id", metavar="RUN")
@options
@click.option("--workers", type=click.IntRange(1, 16), default=2, show_default=True, help="Steps at a time.")
def resume(*, run_id: str, config: str, environment: str, workers: int) -> None:
    """Go on with a RUN that failed, was stopped or was killed: what has succeeded is kept. `latest` is the last one."""
    from govml.execution.local_run import resume_run
    from govml.execution.record import RunStore

    record = RunStore(state_directory() / "runs").load(run_id)
    case = open_use_case(config, environment, record.use_case)
    run_here(resume_run(record, machine(case.account, workers=workers)))


@pipeline.command()
@click.argument("run_id", metavar="RUN")
def show(run_id: str) -> None:
    """Show a RUN: its steps, why it failed, what it registered. `latest` is the last one."""
    from govml.execution.record import RunStore
    from govml.execution.report import report

    store = RunStore(state_directory() / "runs")
    record = store.load(run_id)
    click.echo(report(record, directory=store.path(record.run_id)))
    for name, value in sorted(record.parameters.items()):
        click.echo(f"  {name} = {value}")


@pipeline.command("list")
def list_runs() -> None:
    """List the runs on this machine, the latest last."""
    from govml.execution.record import RunStore, seconds

    for record in RunStore(state_directory() / "runs").all():
        click.echo(
            f"{record.run_id}  {record.started:<24}  {record.pipeline:<32} {record.status:<10} {seconds(record):8.1f} s"
        )


def parse_parameters(texts: tuple[str, ...]) -> dict[str, str]:
    """Split `NAME=VALUE` texts.

    Raises:
        UserError: a text has no `=`, or a name comes twice.
    """
    given: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UserError(f"--parameter {text} is not of the form NAME=VALUE")
        if name in given:
            raise UserError(f"--parameter {name} is given twice")
        given[name] = value
    return given
