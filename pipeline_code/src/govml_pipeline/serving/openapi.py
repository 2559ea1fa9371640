"""The OpenAPI document of a model's server: its requests by the data contract, its answers by the use case's kind."""

from __future__ import annotations

from typing import Any, Final, get_args

from govml_pipeline.model.artefact import Model
from govml_pipeline.serving.errors import STATUS, Kind
from govml_pipeline.serving.identity import CORRELATION, CUSTOM_ATTRIBUTES, FORM, INFERENCE, MODEL_VERSION
from govml_pipeline.serving.limits import Limits
from govml_pipeline.serving.schemas import csv_lines, explanation, inputs, prediction

_VERSION: Final = "3.1.0"


def document(model: Model, limits: Limits) -> dict[str, Any]:
    """Return the document.

    Args:
        model: the loaded model.
        limits: limits of the process.
    """
    contract = model.use_case.contract
    return {
        "openapi": _VERSION,
        "info": {
            "title": contract.title,
            "version": model.version,
            "description": f"Predictions of use case {model.use_case.name} ({model.use_case.kind}). {contract.notice}",
        },
        "paths": {
            "/ping": {"get": _operation("ready", "Whether requests are answered.", _status(), {503: _status()})},
            "/openapi.json": {"get": _operation("describe", "This document.", {"type": "object"}, {})},
            "/execution-parameters": {
                "get": _operation("tune", "What a batch transform may send.", {"type": "object"}, {})
            },
            "/invocations": {"post": _invocations(model, limits)},
        },
        "components": {
            "schemas": {
                "Instance": inputs(contract),
                "Prediction": prediction(model.use_case.kind, model.labels.classes),
                "Explanation": explanation(),
                "Error": _error(),
            }
        },
    }


def _invocations(model: Model, limits: Limits) -> dict[str, Any]:
    request = {
        "type": "object",
        "properties": {
            "instances": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Instance"}},
            "explain": {
                "type": "boolean",
                "description": f"Explain each prediction, of at most {limits.explained_rows} instances.",
            },
        },
        "required": ["instances"],
        "additionalProperties": False,
    }
    answer = {
        "type": "object",
        "properties": {
            "predictions": {"type": "array", "items": {"$ref": "#/components/schemas/Prediction"}},
            "model_version": {"type": "string"},
            "explanations": {"type": "array", "items": {"$ref": "#/components/schemas/Explanation"}},
        },
        "required": ["predictions", "model_version"],
        "additionalProperties": False,
    }
    refusals = {STATUS[kind]: {"$ref": "#/components/schemas/Error"} for kind in get_args(Kind)}
    operation = _operation("predict", "Predictions of instances, in their order.", answer, refusals)
    operation["responses"]["200"]["content"]["text/csv"] = {"schema": {"type": "string"}}
    for response in operation["responses"].values():
        response["headers"] = {name: {"schema": {"type": "string"}} for name in (CORRELATION, CUSTOM_ATTRIBUTES)}
        response["headers"][MODEL_VERSION] = {"schema": {"type": "string", "const": model.version}}
    return {
        **operation,
        "parameters": [
            _header(CORRELATION, "Comes back with the answer and stands in the log; a new one where it is missing."),
            _header(CUSTOM_ATTRIBUTES, "The correlation id, where the other header does not get through SageMaker."),
            _header(INFERENCE, "Id under which the truth about the prediction is delivered later; comes back."),
        ],
        "requestBody": {
            "required": True,
            "description": f"At most {limits.max_bytes:,} bytes.",
            "content": {
                "application/json": {"schema": request},
                "text/csv": {"schema": csv_lines(model.use_case.contract)},
            },
        },
    }


def _operation(name: str, summary: str, schema: dict[str, Any], others: dict[int, dict[str, Any]]) -> dict[str, Any]:
    responses = {
        str(status): {"description": text, "content": {"application/json": {"schema": found}}}
        for status, text, found in ((200, "Answered.", schema), *((code, "Refused.", o) for code, o in others.items()))
    }
    return {"operationId": name, "summary": summary, "responses": responses}


def _header(name: str, description: str) -> dict[str, Any]:
    schema = {"type": "string", "pattern": f"^{FORM}$"}
    return {"name": name, "in": "header", "required": False, "description": description, "schema": schema}


def _status() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"status": {"enum": ["ok", "draining"]}, "model_version": {"type": "string"}},
        "required": ["status", "model_version"],
        "additionalProperties": False,
    }


def _error() -> dict[str, Any]:
    nullable = {"type": ["string", "null"]}
    detail = {
        "type": "object",
        "properties": {"row": {"type": "integer"}, "column": nullable, "value": nullable, "reason": nullable},
        "required": ["row", "column", "value", "reason"],
    }
    error = {
        "type": "object",
        "properties": {
            "type": {"enum": list(get_args(Kind))},
            "message": {"type": "string"},
            "details": {"type": "array", "items": detail},
        },
        "required": ["type", "message", "details"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"error": error, "model_version": {"type": "string"}},
        "required": ["error", "model_version"],
        "additionalProperties": False,
    }
