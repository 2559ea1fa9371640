"""The steps of the demo, in order."""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path
from typing import Any

import click

from govml.demo.commands import Commands
from govml.demo.prediction import EXAMPLE_FLAT, ask
from govml.demo.release import Rehearsal, approval_page
from govml.local import connection
from govml.settings import load_settings
from govml.settings.names import Names

APPROVER = "demo-approver"
# Ten minutes of a bake pass in two seconds.
SPEED = "300"


def tell(commands: Commands, *, config: str, environment: str, use_case: str, data: str | None) -> dict[str, Any]:
    """Run every step; return the answer of the served model.

    Args:
        commands: runs them.
        config: the agency file.
        environment: its environment.
        use_case: the use case that is trained.
        data: folder of real CSV files, or None for the synthetic sample.

    Raises:
        StepFailed: a command failed.
        UserError: the model server did not come up or refused the request.
    """
    assembly = ("--assembly", "cdk.out")  # what was judged is what is deployed
    where = ("--config", config, "--environment", environment)
    commands.run("Check the agency file", "config", "check", config)
    commands.run("Synthesise the stacks and judge them", "synth", *where)
    commands.run("Start an empty local account", "local", "up", "--config", config)
    commands.run("Bootstrap it with the CDK command line", "local", "bootstrap", "--config", config, *assembly)
    commands.run("Deploy every stack", "local", "deploy", "--config", config, *assembly)
    commands.run("Compare: nothing left to deploy", "local", "diff", "--config", config, *assembly)
    if data:
        commands.run("Put the real data into the raw zone", "data", "put", use_case, data, *where)
    else:
        commands.run("Make a synthetic sample in the raw zone", "data", "sample", use_case, *where)
    commands.run("Bring the delivered files into the lake", "data", "ingest", use_case, *where)
    commands.run("Run the deployed pipeline on this machine", "pipeline", "run", use_case, *where)
    settings = load_settings(Path(config))
    if settings.switches.release and use_case in settings.served:
        return _release(commands, use_case, where, Names(settings.agency, environment))
    commands.run("Approve the registered model", "model", "approve", use_case, "1", "--by", APPROVER, *where)
    return _predict(commands, use_case, where)


def _release(commands: Commands, use_case: str, where: tuple[str, ...], names: Names) -> dict[str, Any]:
    """Approve two versions as a person who may: the first makes the endpoint, the second takes over by a canary."""
    act = (*where, "--local", "--as", f"approver/{APPROVER}")
    page = ("--output", str(approval_page()), *where, "--local")
    commands.run("Write the page that the approver reads", "model", "bundle", use_case, "1", *page)
    with tempfile.TemporaryDirectory(prefix="govml-demo-") as folder:
        log = Path(folder, "front.log")
        serve = ("local", "serve", "--port", str(free_port()), "--speed", SPEED)
        with commands.background("Serve what is deployed, beside the steps that follow", *serve, log=log):
            rehearsal = Rehearsal(connection(), names, use_case, log)
            rehearsal.await_front()
            commands.run(
                "Approve version 1: the release function deploys it", "release", "approve", use_case, "1", *act
            )
            commands.timed("until it serves", lambda: rehearsal.await_version(1))
            commands.run("Run the pipeline again: the same model, as version 2", "pipeline", "run", use_case, *where)
            commands.run("Approve version 2: a canary, watched by alarms", "release", "approve", use_case, "2", *act)
            answered, answer = commands.timed("until it serves", lambda: rehearsal.await_version(2))
            click.echo(f"   {answered} signed requests during the shift, all answered; the last: {answer}")
            commands.run("The ledger of it", "release", "ledger", use_case, "--verify", *where, "--local")
    return answer


def _predict(commands: Commands, use_case: str, where: tuple[str, ...]) -> dict[str, Any]:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="govml-demo-") as folder:
        log = Path(folder, "serving.log")
        arguments = ("model", "serve", use_case, "--port", str(port), *where)
        with commands.background("Serve it and ask for one prediction", *arguments, log=log) as server:
            answer = ask(server, port, log)
    flat = f"{EXAMPLE_FLAT['flat_type']} in {EXAMPLE_FLAT['town']}, {EXAMPLE_FLAT['floor_area_sqm']} sqm"
    click.echo(f"   POST /invocations ({flat}) -> {answer}")
    return answer


def free_port() -> int:
    """Return a TCP port on loopback that nothing uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
