"""`govml model retrain`: a person asks for a model to be trained again, by the queue that drift and the calendar use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from govml.cli.use_case import options
from govml.errors import UserError


@click.command()
@click.argument("use_case")
@click.option("--by", required=True, metavar="NAME", help="Who asks; it goes into the log and the run's name.")
@click.option("--local", is_flag=True, help="In the local account instead of AWS.")
@options
def retrain(use_case: str, by: str, local: bool, config: str, environment: str) -> None:
    """Train USE_CASE again, with the live model as the one to beat; a run that goes on already is enough."""
    import json
    from datetime import UTC, datetime

    from botocore.exceptions import BotoCoreError, ClientError

    from govml.settings import load_settings
    from govml.settings.names import Names

    settings = load_settings(Path(config))
    settings.environment(environment)
    name = by.strip()
    if not name:
        raise UserError("--by needs a name")
    if use_case not in settings.watched:
        known = ", ".join(settings.watched) or "none"
        raise UserError(f"{config} watches no use case {use_case}", hint=f"it watches {known}; see docs/drift.md")
    names = Names(settings.agency, environment)
    message = {"retrain": names.slug(use_case), "why": "person", "by": name, "moment": datetime.now(UTC).isoformat()}
    sqs = _client(settings.region, local=local)
    try:
        url = sqs.get_queue_url(QueueName=names.retraining_queue())["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(message))
    except (ClientError, BotoCoreError) as error:
        raise UserError(
            f"the queue {names.retraining_queue()} takes no request: {error}",
            hint=f"deploy the stack {names.prefix}-Monitoring first, and sign in as an ML engineer",
        ) from error
    click.echo(
        f"asked for: the training pipeline {names.pipeline(use_case)} starts in a moment, unless it runs already"
    )


def _client(region: str, *, local: bool) -> Any:
    if local:
        from govml.local import connection

        return connection().client("sqs")
    import boto3

    return boto3.client("sqs", region_name=region)
