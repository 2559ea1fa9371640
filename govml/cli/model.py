"""`govml model`: the models that runs have registered: list, read about, approve, serve, ask."""

from __future__ import annotations

import re
import signal
import sys
from pathlib import Path
from types import FrameType

import click

from govml.cli.feedback import feedback
from govml.cli.model_bundle import bundle
from govml.cli.retrain import retrain
from govml.cli.use_case import INTERPRETER, open_use_case, options, request_body
from govml.errors import UserError
from govml.local.paths import state_directory

DEFAULT_PORT = 8080
port_option = click.option(
    "--port", type=click.IntRange(1, 65535), default=DEFAULT_PORT, show_default=True, help="TCP port on loopback."
)


@click.group()
def model() -> None:
    """List, approve and serve registered models on this machine."""


@model.command("list")
@click.argument("use_case")
@options
def list_models(use_case: str, config: str, environment: str) -> None:
    """List the registered versions of USE_CASE, the latest first."""
    from govml.execution.registry import Registry

    case = open_use_case(config, environment, use_case)
    packages = Registry(case.account, case.names.model_package_group(use_case)).packages()
    if not packages:
        click.echo(f"no version yet: `govml pipeline run {use_case}` registers one")
    for package in packages:
        click.echo(f"version {package.version}  {package.approval}  registered {package.created}")
        for key, value in sorted(package.metadata.items()):
            click.echo(f"  {key} = {value}")


@model.command()
@click.argument("use_case")
@click.argument("version", type=click.IntRange(1))
@click.option("--by", required=True, metavar="NAME", help="Who approves; it goes into the registry.")
@options
def approve(use_case: str, version: int, by: str, config: str, environment: str) -> None:
    """Approve VERSION of USE_CASE in the local account, as `govml release approve` does it anywhere.

    Where the agency file has roles for people, the approver's is taken under NAME: a release asks who approved.
    """
    from govml.execution.registry import Registry
    from govml.identity.key_users import people_of
    from govml.local.people import acting_as
    from govml.settings import load_settings

    if not by.strip():
        raise UserError("--by needs a name")
    case = open_use_case(config, environment, use_case)
    role = people_of(load_settings(Path(config)), environment).role_arns.get("approver")
    client = acting_as(case.account, role, session_name(by)) if role else None
    group = case.names.model_package_group(use_case)
    package = Registry(case.account, group, client=client).approve(version, by=by.strip())
    click.echo(f"{package.arn} is {package.approval}")


def session_name(person: str) -> str:
    """Return a person's name as STS takes it for a session: `Tan Ah Kow` becomes `Tan.Ah.Kow`."""
    return re.sub(r"[^\w+=,.@-]+", ".", person.strip(), flags=re.ASCII)[:64].ljust(2, ".")


@model.command()
@click.argument("use_case")
@click.option("--version", type=click.IntRange(1), help="An approved version; default: the latest approved one.")
@port_option
@options
def serve(use_case: str, version: int | None, port: int, config: str, environment: str) -> None:
    """Serve an approved version of USE_CASE on loopback until Ctrl-C."""
    from govml.execution.local_run import require_interpreter
    from govml.execution.objects import ObjectStore
    from govml.execution.registry import Registry
    from govml.execution.serving import served

    case = open_use_case(config, environment, use_case)
    package = Registry(case.account, case.names.model_package_group(use_case)).approved(version)
    require_interpreter(INTERPRETER)
    store = ObjectStore(s3=case.account.client("s3"), kms=case.account.client("kms"))
    home = state_directory() / "home"
    home.mkdir(parents=True, exist_ok=True)
    for number in (signal.SIGTERM, signal.SIGHUP):  # a closed terminal must end the server as Ctrl-C does
        signal.signal(number, _interrupt)
    try:
        with served(package, store=store, interpreter=INTERPRETER, port=port, home=home) as server:
            click.echo(f"version {package.version} of {use_case} at {server.url}/invocations; Ctrl-C ends it")
            code = server.wait()
    except KeyboardInterrupt:
        click.echo("stopped")
        return
    click.echo(f"the model server ended with exit code {code}", err=True)
    sys.exit(1)


@model.command()
@click.argument("use_case")
@port_option
@click.option("--json", "file", type=click.Path(path_type=Path), help="Request body; default: standard input.")
def predict(use_case: str, port: int, file: Path | None) -> None:
    """Ask the server of USE_CASE for predictions: POST /invocations."""
    from govml.execution.serving import request

    body = request_body(file)
    try:
        status, answer = request(port, "POST", "/invocations", body)
    except OSError as error:
        raise UserError(
            f"no model server answers on port {port}: {error}", hint=f"start one with `govml model serve {use_case}`"
        ) from error
    click.echo(answer.decode("utf-8", errors="replace"))
    if status >= 400:
        click.echo(f"the server answered with status {status}", err=True)
        sys.exit(1)


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a signal handler
    raise KeyboardInterrupt


model.add_command(bundle)
model.add_command(retrain)
model.add_command(feedback)
