"""Protections taken away or weakened at each job, values that belong to one account, models that approve themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from breakages.mutant import GONE, Breakage, at, changed, places, steps

FLAGS = ("EnableNetworkIsolation", "EnableInterContainerTrafficEncryption")
TEXTS = ("VolumeKmsKeyId", "KmsKeyId", "RoleArn", "TrainingImage", "ImageUri", "Image")
WHOLE = ("VpcConfig", "NetworkConfig", "StoppingCondition", "Subnets", "SecurityGroupIds")
ACCOUNT = "123456789012"
HARD_CODED = (
    f"arn:aws:iam::{ACCOUNT}:role/Admin",
    "s3://some-bucket/prefix",
    f"{ACCOUNT}.dkr.ecr.ap-southeast-1.amazonaws.com/other:1",
    f"arn:aws:kms:ap-southeast-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555",
)


def make(definition: dict[str, Any]) -> Iterator[Breakage]:
    """Give all of them."""
    for place, step in steps(definition):
        for inner, value in places(step["Arguments"], (*place, "Arguments")):
            yield from _setting(definition, inner, value)
        for holder in [(), ("TrainingJobDefinition",)]:
            where = (*place, "Arguments", *holder)
            if step["Type"] in ("Processing", "Training", "Tuning") and (not holder or step["Type"] == "Tuning"):
                yield from _environment(definition, where)
        if step["Type"] in ("Training", "Tuning"):
            inside = ("TrainingJobDefinition",) if step["Type"] == "Tuning" else ()
            flag = (*place, "Arguments", *inside, "EnableManagedSpotTraining")
            yield changed(definition, "spot training without a checkpoint", flag, True)
        if step["Type"] == "RegisterModel":
            where = (*place, "Arguments", "ModelApprovalStatus")
            yield from (changed(definition, "model approves itself", where, value) for value in ("Approved", GONE))
    for position, parameter in enumerate(definition["Parameters"]):
        if parameter["Name"] == "ModelApprovalStatus":
            place = ("Parameters", position, "DefaultValue")
            yield changed(definition, "model approves itself", place, "Approved")
    yield from _placeholders(definition)


def _setting(definition: Any, place: Any, value: Any) -> Iterator[Breakage]:
    name = place[-1]
    if name in FLAGS:
        yield changed(definition, "protection removed", place, GONE)
        yield changed(definition, "protection flipped", place, not value)
    if name in TEXTS:
        yield changed(definition, "protection removed", place, GONE)
        yield changed(definition, "protection emptied", place, "")
        for other in HARD_CODED:
            yield changed(definition, "hard-coded value", place, other)
    if name in WHOLE:
        yield changed(definition, "protection removed", place, GONE)
        yield changed(definition, "protection emptied", place, [] if isinstance(value, list) else {})
    if name in ("Subnets", "SecurityGroupIds"):
        prefix = "subnet" if name == "Subnets" else "sg"
        yield changed(definition, "hard-coded value", place, [f"{prefix}-0123456789abcdef0"])
    if name == "MaxRuntimeInSeconds":
        for seconds in (0, 86_401, 10**8):
            yield changed(definition, "no time limit", place, seconds)
    if name in ("S3Uri", "S3OutputPath", "ModelDataUrl"):
        yield changed(definition, "hard-coded value", place, "s3://some-bucket/prefix")
    if name == "ContainerEntrypoint":
        for words in (GONE, ["/bin/sh", "-c"], ["python3"], ["python3", "other.py"]):
            yield changed(definition, "other command", place, words)


def _environment(definition: Any, where: Any) -> Iterator[Breakage]:
    given = at(definition, where).get("Environment", {})
    for name, value in (
        ("DB_PASSWORD", "hunter2"),
        ("API_KEY", "abc"),
        ("AWS_SECRET_ACCESS_KEY", "x"),
        ("ID", "AKIA" + "A" * 16),
        ("ENDPOINT", "https://example.com/collect"),
        ("ACCOUNT", ACCOUNT),
    ):
        kind = "hard-coded value" if name in ("ENDPOINT", "ACCOUNT") else "secret in the environment"
        yield changed(definition, kind, (*where, "Environment"), {**given, name: value})


def _placeholders(definition: Any) -> Iterator[Breakage]:
    found = [(place, value) for place, value in places(definition) if isinstance(value, str) and "${govml." in value]
    for place, value in found:
        for wrong in (value.replace("${govml.", "${govml.No"), value.replace("${govml.", "${GovML."), value[:-1]):
            yield changed(definition, "misspelt placeholder", place, wrong)
        for other in {each for _, each in found} - {value}:
            yield changed(definition, "another placeholder", place, other)
