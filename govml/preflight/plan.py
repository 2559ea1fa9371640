"""What is about to be deployed, as the checks see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from govml.bootstrap.assembly import Resource, StackArtifact
from govml.bootstrap.intrinsics import filled
from govml.bootstrap.kit import Kit
from govml.bootstrap.place import Target, target
from govml.settings import Settings


@dataclass(frozen=True)
class Plan:
    """One environment's stacks and the account that they go to.

    Args:
        settings: the agency file.
        environment: environment of that file.
        place: account, region and names.
        stacks: the synthesised stacks of the environment.
        kit: policies and bootstrap command of its account.
        plain: whether it is deployed without `cdk bootstrap`.
    """

    settings: Settings
    environment: str
    place: Target
    stacks: tuple[StackArtifact, ...]
    kit: Kit
    plain: bool = False

    def resources(self, resource_type: str, *, without: frozenset[str] = frozenset()) -> list[Resource]:
        """Return the resources of one type, with partition, region and account filled in.

        Args:
            resource_type: as in `AWS::Lambda::Function`.
            without: names of stacks to leave out, such as those that are deployed already.
        """
        return [
            filled(resource, self.place)
            for stack in self.stacks
            if stack.name not in without
            for resource in stack.resources.values()
            if resource["Type"] == resource_type
        ]

    def stated(self, resource_type: str, name: str, *, without: frozenset[str] = frozenset()) -> Iterator[str]:
        """Yield the names that the resources of one type state as text."""
        for resource in self.resources(resource_type, without=without):
            value = resource.get("Properties", {}).get(name)
            if isinstance(value, str):
                yield value

    def setting(self, *path: str) -> Any:
        """Return a key of the environment in the agency file, as in `setting("imported", "keys")`; None without it."""
        value: Any = self.settings.environment(self.environment)
        for name in path:
            value = getattr(value, name, None)
        return value


def make_plan(
    settings: Settings, environment: str, stacks: Sequence[StackArtifact], kit: Kit, *, plain: bool = False
) -> Plan:
    """Return the plan of one environment; see `Plan`."""
    place = target(settings, environment)
    own = tuple(stack for stack in stacks if stack.environment == place.prefix)
    return Plan(settings, environment, place, own, kit, plain)
