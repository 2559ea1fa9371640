"""Bedrock's record of every call. It has no resource type of CloudFormation, so custom resources configure it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from govml.rules.definitions import parsed
from govml.rules.demands import given
from govml.rules.options import Options
from govml.rules.registry import ANY, rule
from govml.rules.template import Resource, Template
from govml.rules.values import false

_CALL = "modelinvocationloggingconfiguration"
_MOMENTS = frozenset({"Create", "Update", "Delete", "ServiceToken"})
_CODE_OFF = re.compile(r"(?i)textDataDeliveryEnabled[\"']?\s*[:=]\s*false")
_SWITCH = re.compile(r"(?:textdatadelivery(?:enabled)?|logging(?:enabled)?|\.enable(?:d|logging|textdata\w*)?)$")
_DESTINATION = re.compile(r"\.[^.]*(?:loggroup|bucket|destination|cloudwatch|s3)[^.]*$")


@rule(
    "GovML-InvocationLog",
    ANY,
    title="Bedrock logs what is asked and answered, to a destination",
    rationale="Without the record no misuse of a model and no leak through it can be traced.",
    severity="high",
    controls=("AU-2", "AU-3", "AU-12"),
    public_sector_controls=("LM-4", "LM-16"),
    source='Bedrock user guide, "Monitor model invocation using CloudWatch Logs and Amazon S3"',
)
def invocation_log(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look into custom resources for settings of the record, plain or in the JSON text of the call that makes them."""
    if resource.type == "AWS::Lambda::Function" and _CODE_OFF.search(str(resource.get("Code", "ZipFile"))):
        yield "its code sets textDataDeliveryEnabled to false: what is asked and answered is not recorded"
    if not (resource.type.startswith("Custom::") or resource.type == "AWS::CloudFormation::CustomResource"):
        return
    actions = {moment: _action(resource.get(moment)) for moment in ("Create", "Update")}
    for moment, action in actions.items():
        if action.startswith("delete") and _CALL in action:
            yield f"{moment} switches the record of model calls off"
    held = list(_settings({key: each for key, each in resource.properties.items() if key not in _MOMENTS}))
    held += [each for moment in actions for each in _settings(resource.get(moment))]
    about = resource.type.lower().replace("bedrock", "invocation")
    calls = any(_CALL in action for action in actions.values())
    if calls or "invocationlog" in about or any("textdatadelivery" in name for name, _ in held):
        yield from _problems(held)


def _problems(held: list[tuple[str, Any]]) -> Iterator[str]:
    if any(false(value) and _SWITCH.search(name) for name, value in held):
        yield "a switch of the record is off: what is asked and answered is not recorded"
    to = [name for name, value in held if given(value) and _DESTINATION.search(name)]
    if not to:
        yield "the record of model calls has no destination: name a log group or a bucket"
    elif any(".cloudwatchconfig.loggroup" in name for name in to) and not any(
        given(value) and "role" in name for name, value in held
    ):
        yield "the log group comes without a role: nothing can be delivered"


def _action(call: object) -> str:
    """Return the API's action of a call that CDK's custom resource makes, in lower case."""
    held = _json(call)
    return str(_pick(held, "action") or "").lower() if isinstance(held, Mapping) else ""


def _json(value: object) -> Any:
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            return parsed(value)
        except ValueError:
            return None
    return value


def _pick(value: Mapping[str, Any], name: str) -> Any:
    return next((each for key, each in value.items() if key.lower() == name), None)


def _settings(value: object, name: str = "") -> Iterator[tuple[str, Any]]:
    """Return every setting with the names on its way, in lower case: each author's function has its own spelling."""
    value = _json(value)
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _settings(each, f"{name}.{str(key).lower()}")
    elif isinstance(value, list):
        for each in value:
            yield from _settings(each, name)
    else:
        yield name, value
