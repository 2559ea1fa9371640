"""How much runs at the same time in one environment: what the address budget counts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from govml.settings.base import SettingsModel

Count = Annotated[int, Field(ge=0, le=10_000)]


class CapacitySettings(SettingsModel):
    """Sizes for the address budget (`govml network plan`); they limit nothing at run time."""

    studio_users: Count = 4
    """People who work in Studio at the same time; a team of one to four is usual."""

    studio_apps_per_user: Count = 2
    """Applications that each of them runs on an instance of its own; each takes one address."""

    job_instances: Count = 2
    """Instances of processing and training jobs that one use case runs at the same time; each takes two addresses."""

    endpoint_instances: Count = 2
    """Instances of one use case's endpoint, at least as many as a rollout needs; each takes two addresses, over the zones."""

    builds: Count = 2
    """Builds that run at the same time; each takes one address."""

    functions: Count = 0
    """Security groups of Lambda functions of your own in these subnets; each takes one address in every subnet."""

    others: Count = 0
    """Addresses of each subnet that something else takes, such as what already runs in an imported one."""
