"""Makes the fleet of an endpoint configuration."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govml.errors import UserError
from govml.local.hosting.control import Snapshot
from govml.local.hosting.fleet.fleet import Fleet
from govml.local.hosting.fleet.instance import Instance, Place
from govml.local.hosting.fleet.models import ModelSource
from govml.local.hosting.fleet.program import Program
from govml.local.hosting.fleet.spawner import Spawner


def _unfollowed(endpoint: str, log: Path) -> None:
    """Leave a log where it is."""


@dataclass
class FleetBuilder:
    """Makes fleets.

    Args:
        program: how a model process is started.
        models: where the models' files come from.
        spawner: starts the processes.
        folder: working directories and logs of the processes.
        follow: told of each log with the endpoint whose it is.
    """

    program: Program
    models: ModelSource
    spawner: Spawner
    folder: Path
    follow: Callable[[str, Path], None] = _unfollowed
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def build(self, endpoint: str, taken: Snapshot) -> Fleet:
        """Fetch the models of a configuration and start its processes.

        Args:
            endpoint: its name, for the logs.
            taken: the configuration with its models.

        Raises:
            UserError: a model archive is missing or damaged.
        """
        number = next(self._numbers)
        instances = {
            variant["VariantName"]: self._instance(endpoint, number, variant, taken)
            for variant in [*taken["variants"], *taken["shadows"]]
        }
        return Fleet(taken["config"], taken["variants"], taken["shadows"], instances)

    def _instance(self, endpoint: str, number: int, variant: dict[str, Any], taken: Snapshot) -> Instance:
        containers = taken["models"][variant["ModelName"]]
        if len(containers) != 1 or not containers[0].get("ModelDataUrl"):
            raise UserError(f"model {variant['ModelName']} is not one container with one model archive")
        model = self.models.fetch(containers[0]["ModelDataUrl"])
        name = re.sub(r"[^\w-]", "-", f"{endpoint}-{variant['VariantName']}-{number}")
        self.folder.mkdir(parents=True, exist_ok=True)
        place = Place(
            program=self.program,
            model=model,
            variables=containers[0].get("Environment") or {},
            folder=self.folder / name,
            log=self.folder / f"{name}.log",
        )
        self.follow(endpoint, place.log)
        return Instance(self.spawner, place)
