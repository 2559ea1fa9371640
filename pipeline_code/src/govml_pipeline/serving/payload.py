"""Request bodies: JSON instances or CSV, both turned into rows of text, which the training data's contract then checks."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from govml_pipeline.data.contract import Contract
from govml_pipeline.serving.checking import checked
from govml_pipeline.serving.csv_body import csv_rows
from govml_pipeline.serving.errors import RequestError
from govml_pipeline.serving.json_body import json_rows

#: One row as it was sent: text by column; a column that is missing has no value.
Texts = dict[str, str | None]


@dataclass(frozen=True)
class Payload:
    """What a request asks.

    Args:
        rows: its instances, at least one.
        explain: whether each prediction is to be explained.
    """

    rows: list[Texts]
    explain: bool = False


def read_payload(body: bytes, content_type: str, contract: Contract) -> Payload:
    """Read a request's body; the values are not checked yet.

    Args:
        body: the request's body.
        content_type: its media type; parameters such as the charset are ignored (UTF-8 is expected).
        contract: contract of the training data; the target may be sent and is ignored.

    Raises:
        RequestError: the form is not that of a request, or a column is not in the contract.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == "application/json":
        rows, explain = json_rows(_text(body), contract)
    elif media_type == "text/csv":
        rows, explain = csv_rows(_text(body), contract), False
    else:
        raise RequestError("unsupported_media_type", "this content type is not read: send application/json or text/csv")
    if not rows:
        raise RequestError("malformed_request", "the request holds no instance: send at least one")
    return Payload(rows, explain)


def parse(body: bytes, content_type: str, contract: Contract) -> pl.DataFrame:
    """Return the validated rows of a request, typed, in the order of the request; arguments as of `read_payload`.

    Raises:
        RequestError: as `read_payload`, or an instance breaks the contract.
    """
    return checked(read_payload(body, content_type, contract).rows, contract.inputs)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RequestError(
            "malformed_request", f"the body is not UTF-8 text: {error.reason} at byte {error.start}"
        ) from error
