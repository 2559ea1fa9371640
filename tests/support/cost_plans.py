"""Stacks written by hand, for reckoning what they cost: no synth is needed."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from govml.bootstrap.assembly import StackArtifact

REGION = "ap-southeast-1"
Resources = dict[str, dict[str, Any]]


def stack(
    name: str, resources: Resources, *, region: str = REGION, environment: str = "agency-dev", **body: Any
) -> StackArtifact:
    """One stack of an assembly, without a file behind it."""
    return StackArtifact(
        name=f"{environment}-{name}",
        display_name=f"{environment}/{name}",
        environment=environment,
        account="123456789012",
        region=region,
        template={"Resources": resources, **body},
        template_file=Path("none"),
        waits_for=(),
        tags={},
        protected=False,
        assets=(),
        has_images=False,
    )


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def write_assembly(folder: Path, stacks: dict[str, Resources], environment: str = "agency-dev") -> Path:
    """Write a cloud assembly with one stage, as `govml synth` lays it out."""
    inner = folder / f"assembly-{environment}"
    inner.mkdir(parents=True)
    artifacts = {}
    for name, resources in stacks.items():
        file = f"{name}.template.json"
        (inner / file).write_text(json.dumps({"Resources": resources}))
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "environment": f"aws://123456789012/{REGION}",
            "displayName": f"{environment}/{name}",
            "properties": {"templateFile": file, "stackName": f"{environment}-{name}"},
        }
    (inner / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    stage = {"directoryName": inner.name, "displayName": environment}
    document = {"artifacts": {"stage": {"type": "cdk:cloud-assembly", "properties": stage}}}
    (folder / "manifest.json").write_text(json.dumps(document))
    return folder


def usd(text: str) -> Decimal:
    return Decimal(text)
