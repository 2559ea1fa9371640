"""One agency file of `config/` with its templates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cfn_templates import Deployment, Template

from govml.settings import Settings


@dataclass(frozen=True)
class Profile:
    """An agency file and what it became.

    Args:
        name: the file's name without its ending.
        settings: the file, read.
        deployment: the templates of all its environments.
    """

    name: str
    settings: Settings
    deployment: Deployment

    def environments(self) -> Iterator[tuple[str, list[Template]]]:
        """Give each environment's name with its templates."""
        for name in self.settings.environments:
            prefix = f"{self.settings.agency}-{name}/"
            yield name, [each for path, each in self.deployment.templates.items() if path.startswith(prefix)]
