"""Model and Transform steps beyond the shape of their requests.

Sources: SageMaker API reference, `CreateTransformJob` and `DataProcessing`; developer guide, "Associate Prediction Results with
Input Records", "Supported JSONPath operators".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from govml_pipeline.authoring.validator.reading import at, objects

_NAME: Final = r"'[^']+'"
_NUMBER: Final = r"-?\d+(?::(?:-?\d+)?)?|:-?\d+"
_JSON_PATH: Final = re.compile(
    rf"\$(?:\.[A-Za-z_][\w-]*|\.\*|\[\*\]|\.?\[{_NAME}(?:,\s*{_NAME})*\]|\[(?:{_NUMBER})(?:,\s*(?:{_NUMBER}))*\])*"
)
_MOST_MB: Final = 100
#: Media types whose records can be filtered and joined.
_FORMS: Final = {
    "text/csv": "CSV", "application/json": "JSON", "application/jsonlines": "JSON", "application/x-jsonlines": "JSON",
}  # fmt: skip
#: What the server of the image reads and writes (docs/serving.md).
_SERVED: Final = frozenset({"application/json", "text/csv"})


def model(arguments: dict[str, Any], name: str) -> Iterator[str]:
    """Yield findings on a model: one container, whose files a training step of this pipeline has made."""
    containers = [arguments.get("PrimaryContainer"), *objects(arguments.get("Containers"))]
    found = [container for container in containers if container]
    if len(found) != 1:
        yield f"{name}: a model of {len(found)} containers, wanted 1"
    for container in found:
        if not str(at(container, "ModelDataUrl", "Get")).endswith(".ModelArtifacts.S3ModelArtifacts"):
            yield f"{name}: the model is not that of a training step"


def transform(arguments: dict[str, Any], name: str) -> Iterator[str]:
    """Yield findings on a batch transform: what it cuts, sends and joins fits together, and the image's server reads it."""
    source, output = arguments["TransformInput"], arguments["TransformOutput"]
    split = source.get("SplitType", "None")
    if not str(at(arguments, "ModelName", "Get")).endswith(".ModelName"):
        yield f"{name}: the model is not that of a Model step"
    if at(source, "DataSource", "S3DataSource") is None:
        yield f"{name}: the input does not come from S3"
    if split not in ("None", "Line"):
        yield f"{name}: the server reads no {split} records"
    if arguments.get("BatchStrategy") == "SingleRecord" and split == "None":
        yield f"{name}: BatchStrategy SingleRecord without a SplitType"
    for member, value in (("ContentType", source.get("ContentType")), ("Accept", output.get("Accept"))):
        if value not in _SERVED:
            yield f"{name}: {member} is {value!r}, and the server knows {', '.join(sorted(_SERVED))}"
    yield from _sizes(arguments, name)
    yield from _joined(arguments, name)


def _sizes(arguments: dict[str, Any], name: str) -> Iterator[str]:
    at_once, megabytes = arguments.get("MaxConcurrentTransforms", 1), arguments.get("MaxPayloadInMB", 6)
    if isinstance(megabytes, int) and not 0 <= megabytes <= _MOST_MB:
        yield f"{name}: MaxPayloadInMB is {megabytes}, wanted 0 to {_MOST_MB}"
    elif isinstance(at_once, int) and isinstance(megabytes, int) and at_once * megabytes > _MOST_MB:
        yield f"{name}: MaxConcurrentTransforms times MaxPayloadInMB is more than {_MOST_MB}"
    count = at(arguments, "TransformResources", "InstanceCount")
    if isinstance(count, int) and not 1 <= count <= 100:
        yield f"{name}: InstanceCount is {count}, wanted 1 to 100"


def _joined(arguments: dict[str, Any], name: str) -> Iterator[str]:
    processing = arguments.get("DataProcessing") or {}
    filters = {member: processing.get(member, "$") for member in ("InputFilter", "OutputFilter")}
    for member, path in filters.items():
        if isinstance(path, str) and not _JSON_PATH.fullmatch(path):
            yield f"{name}: {member} {path!r} is no JSONPath that a batch transform knows"
    if processing.get("JoinSource", "None") == "None" and set(filters.values()) == {"$"}:
        return
    kinds = [
        _FORMS.get(str(arguments[member].get(key)))
        for member, key in (("TransformInput", "ContentType"), ("TransformOutput", "Accept"))
    ]
    if kinds[0] is None or kinds[0] != kinds[1]:
        yield f"{name}: DataProcessing needs CSV or JSON, the same in ContentType and Accept"
