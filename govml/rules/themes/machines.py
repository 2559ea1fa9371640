"""Machines: metadata service, disks, images, remote access."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import false, get, is_token, listed, true

_MACHINES = ("AWS::EC2::Instance", "AWS::EC2::LaunchTemplate", "AWS::AutoScaling::LaunchConfiguration")


def _settings(resource: Resource) -> Any:
    return resource.get("LaunchTemplateData") if resource.type == _MACHINES[1] else resource.properties


@rule(
    "GovML-MetadataService",
    *_MACHINES,
    title="The metadata service asks for a token",
    rationale="Version 1 hands the role's credentials to any request that the machine can be made to send.",
    severity="high",
    controls=("AC-3", "AC-6"),
    public_sector_controls=("IS-5",),
    source='Security Hub user guide, "Security Hub CSPM controls for Amazon EC2" (EC2.8, EC2.170)',
)
def metadata_service(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """An instance may take the setting from its launch template."""
    settings = _settings(resource)
    tokens = get(settings, "MetadataOptions", "HttpTokens")
    disabled = get(settings, "MetadataOptions", "HttpEndpoint") == "disabled"
    delegated = tokens is None and resource.get("LaunchTemplate") is not None
    if tokens != "required" and not is_token(tokens) and not disabled and not delegated:
        yield "accepts version 1 of the metadata service: set MetadataOptions.HttpTokens to required"


@rule(
    "GovML-MachineDisk",
    *_MACHINES,
    title="A machine's disks are encrypted",
    rationale="Scratch data, caches and credentials stay on disks after the machine is gone.",
    severity="high",
    controls=("SC-28",),
    public_sector_controls=("DP-2",),
)
def machine_disk(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at each disk that the template describes; one of an encrypted snapshot is encrypted too."""
    for each in listed(get(_settings(resource), "BlockDeviceMappings")):
        disk = get(each, "Ebs")
        encrypted = get(disk, "Encrypted")
        absent_is_fine = encrypted is None and get(disk, "SnapshotId")
        if disk and not is_token(disk) and not true(encrypted) and not is_token(encrypted) and not absent_is_fine:
            yield f"its disk {get(each, 'DeviceName')} is not encrypted: set Ebs.Encrypted to true"


@rule(
    "GovML-ContainerTask",
    "AWS::ECS::TaskDefinition",
    "AWS::Batch::JobDefinition",
    "AWS::ECS::Cluster",
    "AWS::ECS::Service",
    title="Containers run without privileges, apart from their host, and nobody opens a shell in them",
    rationale="A privileged container is root on its host; a shell reads what passes, past every audit of the service.",
    severity="high",
    controls=("AC-6", "CM-7"),
    public_sector_controls=("CS-4", "CS-10"),
    source='Security Hub user guide, "Security Hub CSPM controls for Amazon ECS" (ECS.3, ECS.4, ECS.5)',
)
def container_task(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at privileges and at namespaces shared with the host."""
    containers = [*listed(resource.get("ContainerDefinitions")), resource.get("ContainerProperties")]
    for each in containers:
        if true(get(each, "Privileged")):
            yield f"container {get(each, 'Name') or ''} runs privileged: set Privileged to false"
        if false(get(each, "ReadonlyRootFilesystem")):
            yield f"container {get(each, 'Name') or ''} may write its root file system: set ReadonlyRootFilesystem to true"
    if resource.get("PidMode") == "host" or resource.get("NetworkMode") == "host" or resource.get("IpcMode") == "host":
        yield "shares a namespace with its host: use awsvpc, and leave PidMode and IpcMode out"
    if true(resource.get("EnableExecuteCommand")):
        yield "opens shells in its containers: set EnableExecuteCommand to false again after debugging"
    volumes = [get(each, "EFSVolumeConfiguration") for each in listed(resource.get("Volumes"))]
    if any(get(each, "TransitEncryption") == "DISABLED" for each in volumes):
        yield "reads its file system without TLS: set TransitEncryption to ENABLED"
