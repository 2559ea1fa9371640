"""Reads the arguments of a transform: what is not given, the model's server is asked, and then the service's defaults hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from govml.execution.transforming.client import DEFAULT_RETRIES, DEFAULT_TIMEOUT_SECONDS, Client
from govml.execution.transforming.files import FileTransform
from govml.execution.transforming.joining import Joining, form_of
from govml.execution.transforming.json_path import parse_json_path
from govml.execution.transforming.records import DEFAULT_PAYLOAD_MB, MB, Splitting, TransformFailed

_STRATEGIES = {"MultiRecord": True, "MULTI_RECORD": True, "SingleRecord": False, "SINGLE_RECORD": False}


def client_of(arguments: Mapping[str, Any], port: int) -> Client:
    """Return the client with the request's media types and patience."""
    patience = arguments.get("ModelClientConfig", {})
    return Client(
        port=port,
        content_type=arguments["TransformInput"].get("ContentType", ""),
        accept=arguments["TransformOutput"].get("Accept", ""),
        timeout=patience.get("InvocationsTimeoutInSeconds", DEFAULT_TIMEOUT_SECONDS),
        retries=patience.get("InvocationsMaxRetries", DEFAULT_RETRIES),
    )


def file_transform(arguments: Mapping[str, Any], said: Mapping[str, Any]) -> FileTransform:
    """Return what is done with every file.

    Args:
        arguments: of the step, resolved.
        said: the server's `/execution-parameters`.

    Raises:
        TransformFailed: see `check_transform`.
    """
    check_transform(arguments)
    source, output = arguments["TransformInput"], arguments["TransformOutput"]
    lines = source.get("SplitType", "None") == "Line"
    strategy = arguments.get("BatchStrategy") or said.get("BatchStrategy") or "MultiRecord"
    megabytes = arguments.get("MaxPayloadInMB", said.get("MaxPayloadInMB", DEFAULT_PAYLOAD_MB))
    return FileTransform(
        splitting=Splitting(lines, several=_STRATEGIES.get(str(strategy), True), most_bytes=int(megabytes) * MB),
        joining=_joining(arguments),
        gzipped=source.get("CompressionType") == "Gzip",
        line_ends=output.get("AssembleWith", "None") == "Line",
        workers=max(1, int(arguments.get("MaxConcurrentTransforms") or said.get("MaxConcurrentTransforms") or 1)),
    )


def check_transform(arguments: Mapping[str, Any]) -> None:
    """Check what can be known before a model is started.

    Raises:
        TransformFailed: records of a form that the pipeline's server does not read, a strategy without records, a filter
            that is none, a join of what cannot be looked into, or more than the service sends at a time.
    """
    source = arguments["TransformInput"]
    split = source.get("SplitType", "None")
    if split not in ("None", "Line"):
        raise TransformFailed(f"the pipeline's server reads no {split} records: SplitType is Line or None")
    if arguments.get("BatchStrategy") == "SingleRecord" and split == "None":
        raise TransformFailed("BatchStrategy SingleRecord needs a SplitType: without one a file is one record")
    at_once = int(arguments.get("MaxConcurrentTransforms") or 1)
    if at_once * int(arguments.get("MaxPayloadInMB", 0)) > 100:
        raise TransformFailed("MaxConcurrentTransforms times MaxPayloadInMB is more than 100 MB")
    if arguments.get("DataCaptureConfig"):
        raise TransformFailed("the local executor captures no batch transform: leave DataCaptureConfig out")
    _joining(arguments)


def _joining(arguments: Mapping[str, Any]) -> Joining | None:
    processing = arguments.get("DataProcessing", {})
    try:
        sent, kept = (parse_json_path(processing.get(name) or "$") for name in ("InputFilter", "OutputFilter"))
    except ValueError as error:
        raise TransformFailed(f"DataProcessing: {error}") from error
    media_type = str(arguments["TransformInput"].get("ContentType", ""))
    joining = Joining(form_of(media_type) or "", sent, processing.get("JoinSource") == "Input", kept)
    if joining.idle:
        return None
    accept = str(arguments["TransformOutput"].get("Accept", "")) or media_type
    if not joining.form or form_of(accept) != joining.form:
        raise TransformFailed(
            "DataProcessing reads CSV or JSON, the same in both directions, "
            f"not {media_type or 'nothing'} and {accept or 'nothing'}: set TransformInput.ContentType and TransformOutput.Accept"
        )
    return joining
