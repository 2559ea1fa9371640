"""`govml demo`: from one agency file to a served prediction, in the local account."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import click

from govml.errors import UserError

DATA_VARIABLE = "GOVML_HDB_DATA"
USE_CASE = "hdb_resale"


@click.command()
@click.option("--config", default="config/sandbox.yaml", show_default=True, help="The agency file.")
@click.option("--environment", default="dev", show_default=True, help="Environment of the agency file.")
@click.option("--keep", is_flag=True, help="Leave the local account running at the end.")
def demo(config: str, environment: str, keep: bool) -> None:
    """Check, synthesise, gate, deploy, train, register, approve, serve, predict. Real data when GOVML_HDB_DATA names it."""
    from govml.demo.commands import Commands, StepFailed
    from govml.demo.story import tell
    from govml.demo.summary import summary
    from govml.local.state import is_running

    data = os.environ.get(DATA_VARIABLE)
    if data and not Path(data).is_dir():
        raise UserError(f"{DATA_VARIABLE} names {data}, which is no folder", hint="unset it to use a synthetic sample")
    if is_running():
        raise UserError(
            "the local account is already running, and the demo starts from an empty one",
            hint="`govml local down` ends it; whatever it holds goes with it",
        )
    start = time.monotonic()
    commands = Commands()
    try:
        prediction = tell(commands, config=config, environment=environment, use_case=USE_CASE, data=data)
        click.echo(summary(commands.seconds, prediction, config=config, use_case=USE_CASE))
    except StepFailed as failure:
        click.echo(f"\nthe demo ended: {failure}", err=True)
        sys.exit(failure.code)
    finally:
        if keep:
            click.echo("the local account is still running; `govml local down` ends it")
        else:
            commands.quietly("local", "down")
    click.secho(f"\ndemo finished in {time.monotonic() - start:.0f} s", bold=True)
