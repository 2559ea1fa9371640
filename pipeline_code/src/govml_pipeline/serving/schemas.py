"""JSON schemas of what goes in, by the data contract, and of what comes out, by the kind of the use case."""

from __future__ import annotations

from typing import Any, Final

from govml_pipeline.data import months
from govml_pipeline.data.contract import Column, Contract
from govml_pipeline.data.rules import NUMBER
from govml_pipeline.model.predictions import PREDICTION, PROBABILITY
from govml_pipeline.usecase import Kind

_NUMBER: Final = {"type": "number"}


def inputs(contract: Contract) -> dict[str, Any]:
    """Schema of one instance; the target may be there and is ignored."""
    properties = {column.name: _column(column) for column in contract.inputs.columns}
    if contract.target:
        properties[contract.target] = {"description": "The target: ignored."}
    return {
        "type": "object",
        "properties": properties,
        "required": [column.name for column in contract.inputs.columns if column.required],
        "additionalProperties": False,
    }


def _column(column: Column) -> dict[str, Any]:
    forms = _forms(column)
    if not column.required:
        forms = [*forms, {"type": "null"}]
    schema: dict[str, Any] = forms[0] if len(forms) == 1 else {"anyOf": forms}
    return {**schema, "description": column.description} if column.description else schema


def _forms(column: Column) -> list[dict[str, Any]]:
    if column.kind == "month":
        return [{"type": "string", "pattern": _months(column.minimum)}]
    if column.kind == "category" and column.unknown == "quarantine":
        return [{"type": "string", "enum": [*column.values, *column.aliases]}]
    if column.kind == "category":
        return [{"type": "string", "minLength": 1, "examples": list(column.values)}]
    if column.kind == "text":
        return [{"type": "string", "minLength": 1} | ({"pattern": column.pattern} if column.pattern else {})]
    number: dict[str, Any] = {"type": "integer" if column.kind == "integer" else "number"}
    if column.minimum is not None:
        number["minimum"] = column.minimum
    if column.maximum is not None:
        number["maximum"] = column.maximum
    return [number, {"type": "string", "pattern": _pattern(NUMBER[column.kind])}]


def csv_lines(contract: Contract) -> dict[str, Any]:
    """Schema of CSV without a header and without quotes: lines with a field for each input."""
    field = r"[^,\"\r\n]*"
    line = ",".join([field] * len(contract.inputs.columns))
    names = ",".join(contract.inputs.names)
    description = f"A line for each instance, with a header line or in the order {names}."
    return {"type": "string", "minLength": 1, "pattern": f"^{line}(\\n{line})*$", "description": description}


def _months(minimum: float | str | None) -> str:
    """Pattern of months from the first year that is allowed to the current one; later months of that are refused too."""
    if minimum is None:
        return _pattern(months.PATTERN)
    years = range(int(str(minimum)[:4]), months.current() // 12 + 1)
    return f"^({'|'.join(map(str, years))})-(0[1-9]|1[0-2])$"


def _pattern(portable: str) -> str:
    return portable.replace(r"\z", "$")  # of JSON schemas, `$` is the very end


def prediction(kind: Kind, classes: tuple[str, ...]) -> dict[str, Any]:
    """Schema of one prediction.

    Args:
        kind: kind of the use case.
        classes: classes of the target.
    """
    if kind == "classification":
        return _object(
            {PREDICTION: {"enum": list(classes)}}
            | {f"{PROBABILITY}{name}": {"type": "number", "minimum": 0, "maximum": 1} for name in classes}
        )
    if kind == "anomaly":
        return _object({"score": _NUMBER, PREDICTION: {"type": "boolean"}})
    if kind == "clustering":
        return _object({PREDICTION: {"type": "integer"}, "distance": _NUMBER})
    return _NUMBER


def explanation() -> dict[str, Any]:
    """Schema of one explanation; see `explaining.explanations`."""
    contribution = _object(
        {"feature": {"type": "string"}, "value": {"type": ["number", "null"]}, "contribution": _NUMBER}
    )
    return _object(
        {
            "base": _NUMBER,
            "contributions": {"type": "array", "items": contribution},
            "rest": _NUMBER,
            "unit": {"type": "string"},
        }
    )


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
