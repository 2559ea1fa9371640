"""`govml trace`: from a request's correlation id to the run that trained the model which answered it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from govml.cli.release_context import opened, where
from govml.errors import UserError

T = TypeVar("T")
# What a container takes for a correlation id; anything else it replaces, so that there is no such request.
_ID = re.compile(r"[A-Za-z0-9._:=/+-]{1,128}")
_SHOWN = 40  # characters of what is refused


@click.command()
@click.argument("correlation_id")
@click.option("--use-case", help="Use case that was asked; default: each that is released.")
@click.option(
    "--days", type=click.IntRange(1, 3653), default=2, show_default=True, help="How far back the logs are searched."
)
@where
def trace(correlation_id: str, use_case: str | None, days: int, **place: Any) -> None:
    """Tell what became of the request CORRELATION_ID: its span, its prediction, the model, who approved it, its training."""
    from govml.settings import load_settings

    if not _ID.fullmatch(correlation_id):
        raise UserError(
            f"{correlation_id[:_SHOWN]!r}{'...' if len(correlation_id) > _SHOWN else ''} is no correlation id",
            hint="up to 128 letters, digits and ._:=/+-; the answer's header X-Correlation-Id has it",
        )
    settings = load_settings(Path(place["config"]))
    names = [use_case] if use_case else list(settings.served)
    if not names:
        raise UserError(f"{place['config']} serves no use case", hint="name another file with --config")
    since = datetime.now(UTC) - timedelta(days=days)
    found = [line for name in names for line in _of(name, correlation_id, since, place)]
    if not found:
        raise UserError(
            f"no request {correlation_id} within {days} days in the logs of {', '.join(names)}",
            hint="logs come a few seconds late; --days looks further back",
        )
    for line in found:
        click.echo(line)


def _of(name: str, correlation: str, since: datetime, place: dict[str, Any]) -> list[str]:
    """Return the lines about one use case's requests with this id."""
    from botocore.exceptions import ClientError

    from govml.release.ledger import Ledger
    from govml.settings import load_settings
    from govml.settings.names import Names
    from govml.telemetry.trace.models import find_model, find_version
    from govml.telemetry.trace.requests import find_captured, find_requests
    from govml.telemetry.trace.text import lines

    names = Names(load_settings(Path(place["config"])).agency, place["environment"])
    told: list[str] = []
    with opened(name, **place) as found:
        client = found.account.client
        try:
            requests = find_requests(client("logs"), names.endpoint(name), correlation, since=since)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            return []
        entries = Ledger(client("s3"), found.case.evidence, found.case.slug).entries() if requests else ()
        for request in requests:
            prefix = names.capture_prefix(name)
            captured = _or_why(
                lambda request=request, prefix=prefix: find_captured(  # type: ignore[misc]
                    client("s3"), found.case.artifacts, prefix, request
                )
            )
            version = find_version(entries, request.told.get("package_version"), request.at)
            model = (
                _or_why(
                    lambda request=request, version=version: find_model(  # type: ignore[misc]
                        found.account, names.model_package_group(name), entries, version, request.at
                    )
                )
                if version
                else None
            )
            told += lines(request, captured, model)
    return told


def _or_why(look: Callable[[], T]) -> T | str:
    """Return what is found, or why the caller may not see it: the rest of the trace is told all the same."""
    from botocore.exceptions import ClientError

    from govml.release.transient import error_text

    try:
        return look()
    except ClientError as error:
        return f"{error.operation_name}: {error_text(error)}"
