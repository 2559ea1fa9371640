"""What becomes of the objects of each zone in time."""

from __future__ import annotations

from govml.settings.names import Names
from govml_constructs.storage.zone_lifecycle import ZoneLifecycle
from stacks.environment.context import EnvironmentContext

RESULTS = "athena-results/"
"""Prefix of the curated zone that takes the results of queries."""


def zone_lifecycles(context: EnvironmentContext) -> dict[str, ZoneLifecycle]:
    """Return what becomes of each zone's objects: the class of the data decides (`govml.settings.classification`).

    Delivered files and the log of their rows are read when a late file comes in, and otherwise only kept. What endpoints
    capture is deleted in time: nothing else would bound it.
    """
    handling, names = context.settings.handling, context.names
    cases = context.settings.use_cases
    watched = {
        f"{names.slug(case)}/{folder}/": cases[case].monitoring.keep_days or handling.capture_days
        for case in context.settings.served
        for folder in Names.AGEING_FOLDERS
    }
    logs = [f"{names.slug(source)}/deliveries/" for source in context.settings.sources]
    return {
        "raw": ZoneLifecycle(cool_after={"": handling.cool_after_days}),
        "curated": ZoneLifecycle(
            cool_after=dict.fromkeys(logs, handling.cool_after_days),
            expire_after={RESULTS: handling.query_result_days},
        ),
        **({"artifacts": ZoneLifecycle(expire_after=watched)} if watched else {}),
    }
