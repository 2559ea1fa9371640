"""What the agency file promises, endpoint by endpoint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from govml.service_levels.objective import Objective
from govml.settings import Settings
from govml.settings.endpoint import ObjectiveSettings
from govml.settings.names import Names


def objectives(endpoint: str, settings: ObjectiveSettings) -> Iterator[Objective]:
    """Yield the promises that the agency file makes for an endpoint."""
    if settings.answered_percent is not None:
        yield Objective(endpoint, "availability", settings.answered_percent)
    if settings.in_time_percent is not None:
        yield Objective(endpoint, "latency", settings.in_time_percent, settings.in_time_ms)


def promised(settings: Settings, environments: Iterable[str]) -> list[Objective]:
    """Return every promise of these environments."""
    return [
        each
        for environment in environments
        for use_case, endpoint in settings.served.items()
        for each in objectives(Names(settings.agency, environment).endpoint(use_case), endpoint.objectives)
    ]
