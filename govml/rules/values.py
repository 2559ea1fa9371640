"""CloudFormation's intrinsic functions, resolved as far as a template alone allows.

A rule sees plain data: text, numbers, lists, mappings. What only a deployment knows stays in the text as a placeholder in
the notation of `Fn::Sub`: `${Bucket.Arn}` for `Fn::GetAtt`, `${Key}` for `Ref`, `${AWS::Region}` for pseudo parameters.
So `{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/AdministratorAccess"]]}` and the same written
with `Fn::Sub` are both `arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess`.
(CloudFormation template reference, "Intrinsic functions".)
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

_VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")
_LITERAL = re.compile(r"\$\{!([^}]*)\}")
_TOKEN = re.compile(r"\$\{[^}]+\}")
_ARN_PART = re.compile(r"(?:(?<=:)|^)(?:\$\{[^}]*\}|[^:$]|\$(?!\{))*(?=:|$)")
_ARN_PARTS = 6


class _Absent:
    """The value of `AWS::NoValue`: the property is not there."""


ABSENT = _Absent()


def is_token(value: object) -> bool:
    """Return whether a value is known only at deployment, as a whole: `${Key.Arn}`, but not `arn:aws:s3:::${Bucket}`."""
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def has_token(value: object) -> bool:
    """Return whether a part of a text is known only at deployment."""
    return isinstance(value, str) and _TOKEN.search(value) is not None


def split_arn(text: str) -> tuple[str, ...] | None:
    """Return an ARN's six parts: `arn`, partition, service, region, account, resource; None for what is no ARN.

    The colons of placeholders such as `${AWS::Region}` part nothing.
    """
    if not text.startswith("arn:"):
        return None
    parts = tuple(match.group() for match in _ARN_PART.finditer(text))
    if len(parts) < _ARN_PARTS:
        return None
    head = parts[: _ARN_PARTS - 1]
    return (*head, text[sum(len(part) + 1 for part in head) :])


def true(value: object) -> bool:
    """Return whether a property is set to true; CloudFormation takes the word for the value."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


def false(value: object) -> bool:
    """Return whether a property is set to false."""
    return value is False or (isinstance(value, str) and value.lower() == "false")


def listed(value: object) -> list[Any]:
    """Return a value as a list: IAM and CloudFormation take one element for a list of one."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def get(value: object, *path: str) -> Any:
    """Return the value at a path of keys in nested mappings, or None where one is missing."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


class Resolver:
    """Resolves the values of one template.

    Args:
        parameters: the template's `Parameters`.
        mappings: its `Mappings`.
        taken: which branch of every `Fn::If` is read: the first when true, the second when false.
    """

    def __init__(self, parameters: Mapping[str, Any], mappings: Mapping[str, Any], *, taken: bool) -> None:
        self._parameters, self._mappings, self._taken = parameters, mappings, taken

    def resolve(self, value: Any) -> Any:
        """Return a value with every intrinsic function in it resolved; `ABSENT` when it is `AWS::NoValue`."""
        if isinstance(value, dict):  # not `Mapping`: a check of its own class costs ten times as much, at every value
            if len(value) == 1:
                ((name, argument),) = value.items()
                if name == "Ref" or (isinstance(name, str) and name.startswith("Fn::")):
                    return self._function(name, argument)
            out = {key: each if isinstance(each, str) else self.resolve(each) for key, each in value.items()}
            return out if ABSENT not in out.values() else {key: each for key, each in out.items() if each is not ABSENT}
        if isinstance(value, list):
            return [each for each in map(self.resolve, value) if each is not ABSENT]
        return value

    def _function(self, name: str, argument: Any) -> Any:
        function = _FUNCTIONS.get(name)
        try:
            if function is not None:
                return function(self, argument)
        except (TypeError, ValueError, IndexError, KeyError, AttributeError):
            pass  # malformed: CloudFormation refuses it; here it is simply not known
        return f"${{{name}}}"

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return ABSENT
        parameter = self._parameters.get(name)
        if isinstance(parameter, Mapping) and "Default" in parameter and not true(parameter.get("NoEcho")):
            kind, default = str(parameter.get("Type", "String")), parameter["Default"]
            if kind.startswith("AWS::SSM::Parameter"):  # the default names a parameter, it is not the value
                return f"${{{name}}}"
            many = kind == "CommaDelimitedList" or kind.startswith("List<")
            return [each.strip() for each in str(default).split(",")] if many else default
        return f"${{{name}}}"

    def _get_att(self, argument: Any) -> str:
        parts = argument.split(".", 1) if isinstance(argument, str) else [str(self.resolve(part)) for part in argument]
        return f"${{{'.'.join(parts)}}}"

    def _join(self, argument: Any) -> str:
        separator, parts = argument
        resolved = self.resolve(parts)
        if not isinstance(resolved, list):
            return str(resolved)
        return str(separator).join(str(part) for part in resolved)

    def _sub(self, argument: Any) -> str:
        text, variables = (argument, {}) if isinstance(argument, str) else argument
        known = {key: self.resolve(each) for key, each in variables.items()}

        def fill(match: re.Match[str]) -> str:
            name = match[1].strip()
            if name in known:
                return str(known[name])
            value = self._ref(name) if "." not in name else f"${{{name}}}"
            return ",".join(map(str, value)) if isinstance(value, list) else str(value)

        return _LITERAL.sub(r"${\1}", _VARIABLE.sub(fill, text))

    def _if(self, argument: Any) -> Any:
        _, first, second = argument
        return self.resolve(first if self._taken else second)

    def _select(self, argument: Any) -> Any:
        index, values = self.resolve(argument[0]), self.resolve(argument[1])
        return values[int(index)] if isinstance(values, list) else f"${{Select.{index}:{values}}}"

    def _split(self, argument: Any) -> Any:
        separator, text = argument[0], self.resolve(argument[1])
        return text if has_token(text) else str(text).split(separator)

    def _find_in_map(self, argument: Any) -> Any:
        name, top, second = (self.resolve(each) for each in argument[:3])
        found = get(self._mappings, name, top, second)
        return found if found is not None else f"${{FindInMap.{name}.{top}.{second}}}"

    def _to_json(self, argument: Any) -> str:
        return json.dumps(self.resolve(argument))

    def _base64(self, argument: Any) -> str:
        text = self.resolve(argument)
        return f"${{Base64:{base64.b64encode(str(text).encode()).decode()}}}"


_FUNCTIONS = {
    "Ref": Resolver._ref,
    "Fn::GetAtt": Resolver._get_att,
    "Fn::Join": Resolver._join,
    "Fn::Sub": Resolver._sub,
    "Fn::If": Resolver._if,
    "Fn::Select": Resolver._select,
    "Fn::Split": Resolver._split,
    "Fn::FindInMap": Resolver._find_in_map,
    "Fn::Base64": Resolver._base64,
    "Fn::ToJsonString": Resolver._to_json,
}


class Chooser(Resolver):
    """Decides conditions, and puts parameters' defaults and mappings in; leaves every other function as it stands.

    For readers that know the other functions themselves, and follow references between resources by them.
    """

    def _function(self, name: str, argument: Any) -> Any:
        if name == "Fn::If":
            return super()._function(name, argument)
        if name in {"Ref", "Fn::FindInMap"}:
            value = super()._function(name, argument)
            if not is_token(value):
                return value
        return {name: argument if name == "Ref" else self.resolve(argument)}
