"""What the bootstrap kit reads from a cloud assembly: its stacks, where they go, what they wait for, and their files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govml.errors import UserError

_STACK = "aws:cloudformation:stack"
_ASSETS = "cdk:asset-manifest"
Resource = dict[str, Any]


@dataclass(frozen=True)
class FileAsset:
    """A file that CloudFormation reads from a bucket.

    Args:
        source: file or folder of the assembly.
        packaging: `file`, or `zip` for a folder.
        bucket: bucket that the template names.
        key: object key.
    """

    source: Path
    packaging: str
    bucket: str
    key: str


@dataclass(frozen=True)
class StackArtifact:
    """One stack of the assembly.

    Args:
        name: CloudFormation's name of it.
        display_name: its name in CDK, as in `sandbox-dev/Security`.
        environment: the environment's prefix, as in `sandbox-dev`.
        account: 12-digit account.
        region: region.
        template: the synthesised template.
        template_file: where that stands.
        waits_for: names of the stacks that come first.
        tags: tags of the stack, which CloudFormation passes on to its resources.
        protected: whether the stack is protected against deletion.
        assets: files that it needs, its own template left out.
        has_images: whether it needs container images, which are published by CDK only.
    """

    name: str
    display_name: str
    environment: str
    account: str
    region: str
    template: dict[str, Any]
    template_file: Path
    waits_for: tuple[str, ...]
    tags: dict[str, str]
    protected: bool
    assets: tuple[FileAsset, ...]
    has_images: bool

    @property
    def resources(self) -> dict[str, Resource]:
        """Logical id -> resource."""
        resources: dict[str, Resource] = self.template.get("Resources", {})
        return resources


def read_stacks(directory: Path, *, environment: str | None = None) -> list[StackArtifact]:
    """Return the stacks of an assembly in an order in which they can be deployed.

    Args:
        directory: the assembly.
        environment: prefix of the environment wanted, as in `sandbox-dev`; default: all.

    Raises:
        UserError: the folder is no cloud assembly, or it lacks that environment.
    """
    try:
        stacks = [stack for stack in _stacks(directory, "") if environment in (None, stack.environment)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"{directory} is not a cloud assembly that can be read ({type(error).__name__}: {error})",
            hint="run `govml synth` first",
        ) from error
    if not stacks:
        raise UserError(f"{directory} holds no stack of {environment}", hint="synthesise that environment")
    return _ordered(stacks)


def bootstrap_parameters(stacks: Iterable[StackArtifact]) -> list[str]:
    """Return the SSM parameters with the versions of the bootstrap stacks that the stacks rely on."""
    found = set()
    for stack in stacks:
        for parameter in stack.template.get("Parameters", {}).values():
            name = str(parameter.get("Default", ""))
            if str(parameter.get("Type", "")).startswith("AWS::SSM::Parameter::") and name.startswith(
                "/cdk-bootstrap/"
            ):
                found.add(name)
    return sorted(found)


def _stacks(directory: Path, environment: str) -> Iterator[StackArtifact]:
    artifacts = _json(directory / "manifest.json").get("artifacts", {})
    for key, artifact in artifacts.items():
        properties = artifact.get("properties", {})
        if artifact["type"] == "cdk:cloud-assembly":
            yield from _stacks(directory / properties["directoryName"], properties.get("displayName", key))
        elif artifact["type"] == _STACK:
            yield _stack(directory, artifacts, key, environment)


def _stack(directory: Path, artifacts: dict[str, Any], key: str, environment: str) -> StackArtifact:
    artifact = artifacts[key]
    properties = artifact["properties"]
    template_file = directory / properties["templateFile"]
    account, region = artifact["environment"].removeprefix("aws://").split("/")
    manifests = [
        _json(directory / artifacts[name]["properties"]["file"])
        for name in artifact.get("dependencies", [])
        if artifacts[name]["type"] == _ASSETS
    ]
    display_name = artifact.get("displayName", key)
    return StackArtifact(
        name=properties.get("stackName", key),
        display_name=display_name,
        environment=display_name.rpartition("/")[0] or environment,
        account=account,
        region=region,
        template=_json(template_file),
        template_file=template_file,
        waits_for=tuple(
            artifacts[name]["properties"].get("stackName", name)
            for name in artifact.get("dependencies", [])
            if artifacts[name]["type"] == _STACK
        ),
        tags=dict(properties.get("tags", {})),
        protected=bool(properties.get("terminationProtection")),
        assets=tuple(asset for manifest in manifests for asset in _files(directory, manifest, template_file.name)),
        has_images=any(manifest.get("dockerImages") for manifest in manifests),
    )


def _files(directory: Path, manifest: dict[str, Any], template: str) -> Iterator[FileAsset]:
    for entry in manifest.get("files", {}).values():
        path = entry["source"]["path"]
        if path != template:
            for destination in entry["destinations"].values():
                yield FileAsset(
                    (directory / path).resolve(),
                    entry["source"].get("packaging", "file"),
                    destination["bucketName"],
                    destination["objectKey"],
                )


def _ordered(stacks: list[StackArtifact]) -> list[StackArtifact]:
    """Sort so that each stack comes after those that it waits for; CDK has refused circles."""
    done: dict[str, StackArtifact] = {}
    names = {stack.name for stack in stacks}
    while len(done) < len(stacks):
        for stack in stacks:
            if stack.name not in done and all(name in done or name not in names for name in stack.waits_for):
                done[stack.name] = stack
    return list(done.values())


def _json(path: Path) -> dict[str, Any]:
    content = json.loads(path.read_bytes())
    if not isinstance(content, dict):
        raise TypeError(f"{path.name} holds no JSON object")
    return content
