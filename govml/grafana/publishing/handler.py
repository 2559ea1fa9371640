"""Entry point of the function that publishes: after each deployment, and once a day so that the code stays the truth."""

from __future__ import annotations

import json
import logging
import os
from typing import Any, Final

from govml.grafana.publishing.client import Grafana
from govml.grafana.publishing.plan import AGENCY_FILE, FOLDER, plan
from govml.grafana.publishing.publish import publish
from govml.grafana.publishing.token import temporary_token

FILLED: Final = FOLDER.parent / AGENCY_FILE
_LOG = logging.getLogger(__name__)
_LOG.setLevel(logging.INFO)


class NotPublished(Exception):
    """Something could not be put in place; Lambda calls again, and then tells the alert topic."""


def handle(event: Any, context: Any) -> dict[str, list[str]]:  # noqa: ARG001 - what happened does not matter, the plan does
    """Publish what the package holds.

    Environment: WORKSPACE_ID, URL (the workspace's), SOURCES (JSON). What the agency fills in stands beside the dashboards.

    Raises:
        NotPublished: some of it could not be put in place.
        GrafanaError: the token was not taken.
    """
    import boto3

    wanted = plan(json.loads(os.environ["SOURCES"]), **json.loads(FILLED.read_text(encoding="utf-8")))
    with temporary_token(boto3.client("grafana"), os.environ["WORKSPACE_ID"]) as token:
        report = publish(Grafana(os.environ["URL"], token), wanted)
    done = {name: getattr(report, name) for name in ("made", "changed", "unchanged", "removed", "problems")}
    _LOG.info("%s", json.dumps(done))
    if report.problems:
        raise NotPublished("; ".join(report.problems))
    return done
