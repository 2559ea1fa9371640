"""The rules of one use case's release, as the agency file sets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Rules:
    """Who decides on a use case's models, and what must be there before one is deployed.

    Args:
        approvers: names of the roles whose people may approve.
        deployers: names of people who deploy, as they sign in; none of them approves.
        operators: names of the roles whose people may freeze releases and end the service.
        consumers: names of the roles that must each sign off before a version is deployed.
        promoted: versions come from another environment; only those that the ledger says were received are deployed.
        challenger: a new version first stands beside the live one, until the ledger says that it was tested.
    """

    approvers: tuple[str, ...]
    operators: tuple[str, ...] = ()
    deployers: tuple[str, ...] = ()
    consumers: tuple[str, ...] = ()
    promoted: bool = False
    challenger: bool = False


@dataclass(frozen=True)
class UseCase:
    """Where one use case's release takes place.

    Args:
        slug: its name as AWS takes it, such as `hdb-resale`.
        environment: `dev`, `uat` or `prod`.
        prefix: what every physical name of the environment starts with, such as `sandbox-dev`.
        evidence: name of the evidence bucket, which holds the ledger.
        artifacts: name of the bucket of model archives.
        rules: its rules.
    """

    slug: str
    environment: str
    prefix: str
    evidence: str
    artifacts: str
    rules: Rules

    @property
    def group(self) -> str:
        """Name of its model package group."""
        return f"{self.prefix}-{self.slug}"

    @property
    def stack(self) -> str:
        """Name of its serving stack."""
        return f"{self.prefix}-Serving-{self.slug}"

    def released_key(self, digest: str) -> str:
        """Key of a released model archive: its content's digest is part of its name."""
        return f"{self.slug}/released/{digest}/model.tar.gz"

    def released_uri(self, digest: str) -> str:
        """S3 URI of a released model archive."""
        return f"s3://{self.artifacts}/{self.released_key(digest)}"


def read_use_cases(values: Mapping[str, Any], **place: str) -> dict[str, UseCase]:
    """Return the use cases that a function's environment holds: slug -> rules that differ from the usual.

    Args:
        values: slug -> arguments of `Rules`; `*` holds what all have in common.
        place: `environment`, `prefix`, `evidence` and `artifacts`, as in `UseCase`.

    Raises:
        TypeError: a rule that does not exist.
    """
    usual = values.get("*", {})
    found = {}
    for slug, own in values.items():
        if slug != "*":
            merged: dict[str, Any] = {
                name: tuple(value) if isinstance(value, list) else value for name, value in (usual | own).items()
            }
            found[slug] = UseCase(slug=slug, rules=Rules(**merged), **place)
    return found
