"""`govml local serve` and `predict`: run the models of the local account's endpoints, and ask one as any client would."""

from __future__ import annotations

import datetime
import json
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

import click

from govml.cli.use_case import INTERPRETER, open_use_case, options, request_body
from govml.errors import UserError

DEFAULT_PORT = 8080


def _tell(line: str) -> None:
    click.echo(f"{datetime.datetime.now().astimezone():%H:%M:%S}  {line}")


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=DEFAULT_PORT, show_default=True, help="TCP port on loopback."
)
@click.option(
    "--speed",
    type=click.FloatRange(1.0, 3600.0),
    default=1.0,
    show_default=True,
    help="How much faster than AWS the waits of a rollout and the periods of its alarms pass; 60 makes a minute a second.",
)
@click.option(
    "--remote-write",
    metavar="URL",
    help="Prometheus that takes the metrics of the containers, such as http://127.0.0.1:9090/api/v1/write.",
)
def serve(port: int, speed: float, remote_write: str | None) -> None:
    """Run the models of the account's endpoints and answer SageMaker Runtime's requests, until Ctrl-C."""
    from govml.execution.local_run import require_interpreter
    from govml.local import connection
    from govml.local.hosting.fleet.program import ServingProgram
    from govml.local.hosting.service import fronted
    from govml.local.paths import state_directory

    account = connection()
    require_interpreter(INTERPRETER)
    home = state_directory()
    program = ServingProgram(INTERPRETER, home / "home")
    with fronted(
        account, program, home / "front", port=port, speed=speed, remote_write=remote_write, tell=_tell
    ) as front:
        _tell(f"SageMaker Runtime answers at {front.url} and at {account.endpoint_url}; Ctrl-C ends it")
        _end_on_signals(front.stop)
        lost = front.reconciler.run()
    if lost:
        raise UserError(f"the local account is lost: {lost}", hint="start it with `govml local up`, then serve again")
    click.echo("stopped; endpoints stay as they are, and `govml local serve` goes on with them")


def _end_on_signals(stop: threading.Event) -> None:
    """Let Ctrl-C, a closed terminal and SIGTERM end the front in order; a second one changes nothing."""

    def handle(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a signal handler
        # Not here: the main thread may hold the event's lock while it waits on it.
        threading.Thread(target=stop.set).start()

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, handle)


@click.command()
@click.argument("use_case")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Request body; default: standard input.")
@click.option("--variant", help="Variant that is to answer; default: drawn by weight.")
@click.option("--inference-id", help="Your name for this request: captures and labels are joined by it.")
@click.option("--correlation-id", help="Another name for it: `govml trace` finds the request by it.")
@options
def predict(
    *,
    use_case: str,
    file: Path | None,
    variant: str | None,
    inference_id: str | None,
    correlation_id: str | None,
    config: str,
    environment: str,
) -> None:
    """Ask the endpoint of USE_CASE: InvokeEndpoint, signed with the account's key."""
    from botocore.exceptions import ClientError

    case = open_use_case(config, environment, use_case)
    optional = {"TargetVariant": variant, "InferenceId": inference_id, "CustomAttributes": correlation_id}
    given = {name: value for name, value in optional.items() if value is not None}
    try:
        told = case.account.client("sagemaker-runtime").invoke_endpoint(
            EndpointName=case.names.endpoint(use_case),
            Body=request_body(file),
            ContentType="application/json",
            Accept="application/json",
            **given,
        )
    except ClientError as error:
        detail = error.response["Error"]
        if detail["Code"] == "ServiceUnavailable":
            raise UserError(str(detail["Message"]), hint="start it with `govml local serve`") from error
        click.echo(json.dumps({"code": detail["Code"], "message": detail["Message"]}), err=True)
        sys.exit(1)
    click.echo(told["Body"].read().decode("utf-8", errors="replace"))
    click.echo(f"answered by the variant {told['InvokedProductionVariant']}", err=True)
