"""Defects that a hurried hand makes: each mutant is a template with one security setting wrong."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from govml.rule_exam.paths import at, changed, leaves_and_branches, removed, shape
from govml.rule_exam.settings import FLIPS, PROTECTED, WORSE

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Mutant:
    """One broken template.

    Args:
        template: the template that was good.
        logical_id: the resource that was broken.
        defect: what was done to it, as in `AWS::KMS::Key EnableKeyRotation: true -> false`.
        document: the broken template.
    """

    template: str
    logical_id: str
    defect: str
    document: Document


def mutants(document: Document, name: str) -> Iterator[Mutant]:
    """Give every mutant of a template.

    Args:
        document: the template, as JSON has it.
        name: its name.
    """
    for logical_id, resource in document["Resources"].items():
        kind = resource["Type"]
        for defect, broken in _of_resource(resource):
            out = dict(document)
            out["Resources"] = {**document["Resources"], logical_id: broken}
            yield Mutant(name, logical_id, f"{kind} {defect}", out)


def _of_resource(resource: Document) -> Iterator[tuple[str, Document]]:
    for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
        if resource.get(policy) in {"Retain", "Snapshot", "RetainExceptOnCreate"}:
            yield f"{policy} -> Delete", {**resource, policy: "Delete"}
    properties = resource.get("Properties") or {}
    for path, value in leaves_and_branches(properties):
        text = shape(path)
        if PROTECTED.search(text) and "Fn::" not in text:
            yield f"{text} removed", {**resource, "Properties": removed(properties, path)}
        if isinstance(value, bool | str):
            for worse in FLIPS.get(str(value), ()):
                if WORSE.search(text):
                    yield f"{text}: {value} -> {worse}", {**resource, "Properties": changed(properties, path, worse)}
    yield from _of_statements(resource, properties)
    yield from _of_tags(resource, properties)
    yield from _of_pipeline(resource, properties)


def _of_statements(resource: Document, properties: Document) -> Iterator[tuple[str, Document]]:
    for path, value in list(leaves_and_branches(properties)):
        if not (isinstance(value, Mapping) and value.get("Effect") in {"Allow", "Deny"} and "Action" in value):
            continue
        text = f"{shape(path)} {value.get('Sid', '')}".strip()
        trusts = value["Action"] in ("sts:AssumeRole", ["sts:AssumeRole"])
        worse: dict[str, Document] = {}
        if value["Effect"] == "Deny":
            worse["Deny removed"] = {}
        else:
            if "Condition" in value:
                worse["Condition removed"] = {key: each for key, each in value.items() if key != "Condition"}
            if "Principal" in value:
                worse["Principal -> *"] = {**value, "Principal": "*", "Condition": {}}
                worse["Principal -> another account"] = {**value, "Principal": {"AWS": "999988887777"}, "Condition": {}}
            if not trusts and "Principal" not in value:
                worse["Action -> *"] = {**value, "Action": "*"}
                worse["Action -> service:*"] = {**value, "Action": f"{_first(value['Action']).partition(':')[0]}:*"}
                worse["Resource -> *, iam:PutRolePolicy"] = {
                    "Effect": "Allow",
                    "Action": "iam:PutRolePolicy",
                    "Resource": "*",
                }
                worse["Resource -> *, iam:PassRole"] = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
                worse["Resource -> *, s3:PutObject"] = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}
        for what, broken in worse.items():
            out = changed(properties, path, broken) if broken else removed(properties, path)
            yield f"{text} {what}", {**resource, "Properties": out}


def _first(value: Any) -> str:
    return str(value[0] if isinstance(value, list) else value)


def _of_tags(resource: Document, properties: Document) -> Iterator[tuple[str, Document]]:
    if isinstance(properties.get("Tags"), list):
        tags = [*properties["Tags"], {"Key": "gcc:owner", "Value": "someone"}]
        yield "Tags: a reserved one", {**resource, "Properties": {**properties, "Tags": tags}}
    if resource["Type"] == "AWS::IAM::Role":
        for name in ("AdministratorAccess", "AmazonS3FullAccess"):
            arn = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":iam::aws:policy/{name}"]]}
            attached = [*(properties.get("ManagedPolicyArns") or []), arn]
            yield (
                f"ManagedPolicyArns: {name}",
                {**resource, "Properties": {**properties, "ManagedPolicyArns": attached}},
            )
    if resource["Type"] == "AWS::EC2::SecurityGroup":
        opened = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}]
        for way in ("SecurityGroupIngress", "SecurityGroupEgress"):
            yield f"{way}: 0.0.0.0/0", {**resource, "Properties": {**properties, way: opened}}
    if resource["Type"] == "AWS::Lambda::Function":
        variables = {
            **at(properties, ()).get("Environment", {}).get("Variables", {}),
            "DB_PASSWORD": "Tr0ub4dor&3-horse",
        }
        yield (
            "Environment: a password",
            {**resource, "Properties": {**properties, "Environment": {"Variables": variables}}},
        )
        yield "Runtime: out of support", {**resource, "Properties": {**properties, "Runtime": "python3.8"}}


_JOB_SETTINGS = ("VpcConfig", "NetworkConfig", "VolumeKmsKeyId", "KmsKeyId", "EnableNetworkIsolation")
_JOB_FLAGS = ("EnableNetworkIsolation", "EnableInterContainerTrafficEncryption")


def _of_pipeline(resource: Document, properties: Document) -> Iterator[tuple[str, Document]]:
    body = (properties.get("PipelineDefinition") or {}).get("PipelineDefinitionBody")
    template = body.get("Fn::Sub") if isinstance(body, Mapping) else body
    text = template[0] if isinstance(template, list) else template
    if not isinstance(text, str):
        return
    definition = json.loads(text)
    for path, value in list(leaves_and_branches(definition)):
        key, broken = path[-1], None
        if key in _JOB_FLAGS and value is True:
            broken, what = changed(definition, path, False), "true -> false"
        elif key in _JOB_SETTINGS and value is not True:
            broken, what = removed(definition, path), "removed"
        if broken is None:
            continue
        out = copy.deepcopy(dict(properties))
        new = json.dumps(broken)
        holder = out["PipelineDefinition"]
        holder["PipelineDefinitionBody"] = (
            {"Fn::Sub": [new, template[1]] if isinstance(template, list) else new} if isinstance(body, Mapping) else new
        )
        yield f"definition {shape(path)} {what}", {**resource, "Properties": out}
