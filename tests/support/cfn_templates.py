"""Read synthesised CloudFormation templates as a deployment would see them, with made-up names for references."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

ACCOUNT = "123456789012"
REGION = "ap-southeast-1"

_PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/this/1",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::NoValue": None,
}
# What `Ref` or `Fn::GetAtt ...Arn` of a type looks like, where policies are written against it; `{}` is the name.
_ARNS = {
    "AWS::S3::Bucket": "arn:aws:s3:::{}",
    "AWS::KMS::Key": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{{}}",
    "AWS::IAM::Role": f"arn:aws:iam::{ACCOUNT}:role/{{}}",
    "AWS::IAM::ManagedPolicy": f"arn:aws:iam::{ACCOUNT}:policy/{{}}",
    "AWS::Logs::LogGroup": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{{}}:*",
    "AWS::SageMaker::DataQualityJobDefinition": (
        f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:data-quality-job-definition/{{}}"
    ),
}
_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "Fn::Join": lambda given: str(given[0]).join(str(each) for each in given[1]),
    "Fn::Select": lambda given: given[1][int(given[0])],
    "Fn::Split": lambda given: given[1].split(given[0]),
    "Fn::GetAZs": lambda _region: [f"{REGION}{letter}" for letter in "abc"],
}
# Attributes that are lists, and what their one entry looks like.
_LISTS = {"EndpointIds": f"{REGION}a:vpce-{{}}", "DnsEntries": "ZENDPOINT:{}.vpce.amazonaws.com"}
_REF_IS_ARN = {"AWS::IAM::ManagedPolicy", "AWS::SNS::Topic"}


@dataclass(frozen=True)
class Resource:
    """One resource of one template, its properties still with intrinsic functions."""

    logical_id: str
    template: Template = field(repr=False)
    body: Mapping[str, Any]

    @property
    def type(self) -> str:
        return str(self.body["Type"])

    @property
    def path(self) -> str:
        return str(self.body.get("Metadata", {}).get("aws:cdk:path", ""))

    @property
    def name(self) -> str:
        if self.type == "AWS::IAM::Role" and "RoleName" in self.body["Properties"]:
            return str(self.body["Properties"]["RoleName"])
        return f"{self.template.name}-{self.logical_id}".lower()

    @property
    def arn(self) -> str:
        service = self.type.split("::")[1].lower()
        return _ARNS.get(self.type, f"arn:aws:{service}:{REGION}:{ACCOUNT}:{{}}").format(self.name)

    @cached_property
    def properties(self) -> dict[str, Any]:
        """The properties with every intrinsic function resolved."""
        resolved: dict[str, Any] = self.template.resolve(self.body.get("Properties", {}))
        return resolved

    def kept(self) -> bool:
        """Return whether the resource outlives its stack."""
        return self.body.get("DeletionPolicy") == self.body.get("UpdateReplacePolicy") == "Retain"


class Template:
    """One stack's template.

    Args:
        name: the stack's name.
        text: the template's JSON.
        exports: values that other stacks of the same deployment export, filled by all of them.
        parameters: values of the stack's parameters, in place of their defaults.
    """

    def __init__(
        self, name: str, text: str, exports: dict[str, Any], parameters: Mapping[str, str] | None = None
    ) -> None:
        self.name, self.text, self.parameters = name, text, parameters or {}
        self.body: dict[str, Any] = json.loads(text)
        self.resources = {key: Resource(key, self, body) for key, body in self.body["Resources"].items()}
        self._exports = exports
        for output in self.body.get("Outputs", {}).values():
            if "Export" in output:
                exports[output["Export"]["Name"]] = (self, output["Value"])

    def given(self, **parameters: str) -> Template:
        """Return the template as a stack with these values of its parameters has it."""
        return Template(self.name, self.text, self._exports, parameters)

    def made(self, *types: str) -> list[Resource]:
        """Return those resources of any of the types whose condition holds."""
        return [each for each in self.all(*types) if "Condition" not in each.body or self.holds(each.body["Condition"])]

    def holds(self, condition: Any) -> bool:
        """Return whether a condition holds, given by its name or by what it is made of."""
        if isinstance(condition, str):
            return self.holds(self.body["Conditions"][condition])
        ((function, parts),) = condition.items()
        if function == "Condition":
            return self.holds(parts)
        if function == "Fn::Equals":
            left, right = (self._plain(part) for part in parts)
            return bool(left == right)
        found = [self.holds(part) for part in parts]
        return {"Fn::Not": not found[0], "Fn::And": all(found), "Fn::Or": any(found)}[function]

    def _plain(self, value: Any) -> Any:
        name = value["Ref"] if isinstance(value, dict) else None
        return self.parameters.get(name, self.body["Parameters"][name].get("Default")) if name else value

    def all(self, *types: str, under: str = "") -> list[Resource]:
        """Return the resources of any of the types (none: of every type) at or below a construct path."""
        return [
            each
            for each in self.resources.values()
            if (not types or each.type in types) and f"{each.path}/".startswith(f"{under}/" if under else "")
        ]

    def resolve(self, value: Any) -> Any:
        """Return the value with references replaced by made-up names and ARNs, the same ones everywhere."""
        if isinstance(value, list):
            return [self.resolve(each) for each in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (function, argument), *_ = value.items()
            if function == "Ref":
                return self._ref(argument)
            if function.startswith("Fn::"):
                return self._call(function, argument)
        return {key: self.resolve(each) for key, each in value.items()}

    def _ref(self, name: str) -> Any:
        if name in _PSEUDO:
            return _PSEUDO[name]
        if name in self.resources:
            resource = self.resources[name]
            return resource.arn if resource.type in _REF_IS_ARN else resource.name
        if name in self.parameters:
            return self.parameters[name]
        return f"parameter-{self.body['Parameters'][name].get('Default', name)}"

    def _call(self, function: str, argument: Any) -> Any:
        if function == "Fn::GetAtt":
            return self._attribute(*argument)
        if function == "Fn::ImportValue":
            owner, value = self._exports[self.resolve(argument)]
            return owner.resolve(value)
        if function == "Fn::FindInMap":
            table, row, column = self.resolve(argument)
            return self.body["Mappings"][table][row][column]
        if function == "Fn::Sub":
            return self._substituted(*([argument, {}] if isinstance(argument, str) else argument))
        if function == "Fn::If":
            return self.resolve(argument[1] if self.holds(argument[0]) else argument[2])
        if function not in _FUNCTIONS:
            raise NotImplementedError(f"{self.name}: no rule for {function}")
        return _FUNCTIONS[function](self.resolve(argument))

    def _substituted(self, text: str, variables: dict[str, Any]) -> str:
        """Return the text with `${Name}` as its own variable, a reference, or `${Name.Attribute}`."""

        def value(name: str) -> Any:
            if name in variables:
                return self.resolve(variables[name])
            return self._attribute(*name.split(".", 1)) if "." in name else self._ref(name)

        return re.sub(r"\$\{([^!}][^}]*)\}", lambda found: str(value(found[1])), text).replace("${!", "${")

    def _attribute(self, name: str, attribute: str) -> str | list[str]:
        resource = self.resources[name]
        if attribute in _LISTS:
            return [_LISTS[attribute].format(resource.name)]
        if attribute == "GroupId":  # what `Ref` gives too
            return resource.name
        return resource.arn if attribute.endswith("Arn") else f"{resource.name}.{attribute}"


@dataclass(frozen=True)
class Deployment:
    """The templates of one synth, by the stack's construct path, as in `sandbox-dev/Network`."""

    folder: Path
    templates: Mapping[str, Template]

    def resources(self, *types: str) -> Iterator[Resource]:
        """Give the resources of any of the types, of all stacks; of every type when none is named."""
        for template in self.templates.values():
            yield from template.all(*types)

    def types(self) -> set[str]:
        """Return the resource types that any stack has."""
        return {resource.type for resource in self.resources()}


def read_deployment(folder: Path) -> Deployment:
    """Read all templates of a cloud assembly, those of its stages included."""
    exports: dict[str, Any] = {}
    templates = {}
    for manifest in sorted(folder.rglob("manifest.json")):
        artifacts = json.loads(manifest.read_bytes())["artifacts"]
        for artifact in artifacts.values():
            if artifact["type"] == "aws:cloudformation:stack":
                text = (manifest.parent / artifact["properties"]["templateFile"]).read_text()
                name = artifact["displayName"].split(" ")[0]
                templates[name] = Template(name.replace("/", "-"), text, exports)
    return Deployment(folder, templates)
