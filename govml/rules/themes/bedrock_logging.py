"""Bedrock's record of every call. It has no resource type of CloudFormation, so custom resources configure it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from govml.rules.definitions import parsed
from govml.rules.demands import given
from govml.rules.options import Options
from govml.rules.registry import ANY, rule
from govml.rules.template import Resource, Template
from govml.rules.values import false

_CALL = "modelinvocationloggingconfiguration"


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
    """Look into custom resources for `loggingConfig`, as an object or as JSON text of the call that sets it."""
    if not (resource.type.startswith("Custom::") or resource.type == "AWS::CloudFormation::CustomResource"):
        return
    for moment in ("Create", "Update"):
        call = _json(resource.get(moment))
        action = str(_pick(call, "action") or "").lower() if isinstance(call, Mapping) else ""
        if action.startswith("delete") and _CALL in action:
            yield f"{moment} switches the record of model calls off"
    for config in _configurations(resource.properties):
        if false(_pick(config, "textDataDeliveryEnabled")):
            yield "textDataDeliveryEnabled is false: what is asked and answered is not recorded"
        logs, bucket = _pick(config, "cloudWatchConfig"), _pick(config, "s3Config")
        if not given(_pick(logs, "logGroupName")) and not given(_pick(bucket, "bucketName")):
            yield "the record of model calls has no destination: name a log group or a bucket"
        if given(logs) and not given(_pick(logs, "roleArn")):
            yield "cloudWatchConfig has no roleArn: nothing can be delivered"


def _json(value: object) -> Any:
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            return parsed(value)
        except ValueError:
            return None
    return value


def _pick(value: object, name: str) -> Any:
    """Return a property whatever the case of its name: each author's function has its own spelling."""
    if not isinstance(value, Mapping):
        return None
    return next((each for key, each in value.items() if key.lower() == name.lower()), None)


def _configurations(value: object) -> Iterator[Mapping[str, Any]]:
    value = _json(value)
    if isinstance(value, list):
        for each in value:
            yield from _configurations(each)
    elif isinstance(value, Mapping):
        names = {str(key).lower() for key in value}
        if "loggingconfig" in names and isinstance(held := _json(_pick(value, "loggingConfig")), Mapping):
            yield held
        elif "textdatadeliveryenabled" in names:
            yield value
        else:
            for each in value.values():
                yield from _configurations(each)
