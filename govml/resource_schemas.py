"""AWS's CloudFormation resource schemas, which cfn-lint bundles: per type its properties, identifiers and handlers."""

from __future__ import annotations

import importlib.util
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from govml.errors import UserError

Schema = dict[str, Any]


class UnknownResourceTypeError(KeyError):
    """AWS publishes no schema for this type in this region."""


@lru_cache(maxsize=1)
def _folder() -> Path:
    """Return where cfn-lint keeps the schemas.

    Raises:
        UserError: cfn-lint is not installed.
    """
    spec = importlib.util.find_spec("cfnlint")  # found, not imported: the import costs two seconds
    if spec is None or spec.origin is None:
        raise UserError(
            "cfn-lint is not installed; it brings the resource schemas that AWS publishes",
            hint="install the extra `local` (`make install`)",
        )
    return Path(spec.origin).parent / "data" / "schemas"


@lru_cache(maxsize=4)
def _index(region: str) -> dict[str, str]:
    index: dict[str, str] = json.loads((_folder() / "providers" / f"{region}.json").read_text())
    return index


def schema_date() -> str:
    """Return when the schemas were published, as in `2026-10-20T22:11:15Z`."""
    return str(json.loads((_folder() / "version.json").read_text())["schema_date"])


@lru_cache(maxsize=256)
def resource_schema(resource_type: str, region: str) -> Schema:
    """Return the schema of a type as AWS publishes it for a region.

    Raises:
        UnknownResourceTypeError: the type does not exist in that region.
        UserError: cfn-lint is not installed.
    """
    digest = _index(region).get(resource_type)
    if digest is None:
        raise UnknownResourceTypeError(f"{resource_type} does not exist in {region}")
    schema: Schema = json.loads((_folder() / "resources" / f"{digest}.json").read_text())
    return schema
