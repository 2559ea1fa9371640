"""SageMaker's model card JSON schema, as far as a card of ours needs it.

Source: "Model card JSON schema" in "Amazon SageMaker Model Cards" and "Model package model card schema" in "Update the
details of a model version", SageMaker developer guide. Rewritten compactly: same names, types, limits and closed objects.
"""

from __future__ import annotations

from typing import Any


def text(longest: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": longest}


def name(longest: int) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^.{{1,{longest}}}$"}


def closed(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


def many(items: dict[str, Any], **limits: int) -> dict[str, Any]:
    return {"type": "array", "items": items, **limits}


def metric(kinds: list[str], value: dict[str, Any], x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    return closed(
        ("name", "type", "value"),
        name=name(255),
        notes=text(1024),
        type={"type": "string", "enum": kinds},
        value=value,
        x_axis_name=x,
        y_axis_name=y,
    )


NUMBER = {"type": "number"}
AXIS, AXES = text(63), many(text(63))
METRICS = {
    "anyOf": [
        metric(["number", "string", "boolean"], {"anyOf": [NUMBER, text(63), {"type": "boolean"}]}, AXIS, AXIS),
        metric(["linear_graph"], many(many(NUMBER, minItems=2, maxItems=2), minItems=1), AXIS, AXIS),
        metric(["bar_chart"], many(NUMBER, minItems=1), AXES, AXIS),
        metric(["matrix"], many(many(NUMBER, minItems=1, maxItems=20), minItems=1, maxItems=20), AXES, AXES),
    ]
}
TRAINING_METRIC = closed(("name", "value"), name=name(255), notes=text(1024), value=NUMBER)
HYPERPARAMETER = closed(("name", "value"), name=name(255), value=name(255))
PACKAGE_OVERVIEW = {"model_creator": text(1024), "model_artifact": many(text(1024), maxItems=15)}
OVERVIEW = {
    **PACKAGE_OVERVIEW,
    "model_description": text(1024),
    "algorithm_type": text(1024),
    "problem_type": {"type": "string"},
    "model_owner": text(1024),
}


def schema(*, package: bool) -> dict[str, Any]:
    """The schema of a card; of a model package's card if `package`."""
    return closed(
        model_overview=closed(**(PACKAGE_OVERVIEW if package else OVERVIEW)),
        intended_uses=closed(
            purpose_of_model=text(2048),
            intended_uses=text(2048),
            factors_affecting_model_efficiency=text(2048),
            risk_rating={"enum": ["High", "Medium", "Low", "Unknown"]},
            explanations_for_risk_rating=text(2048),
        ),
        business_details=closed(
            business_problem=text(2048), business_stakeholders=text(2048), line_of_business=text(2048)
        ),
        training_details=closed(
            objective_function={"type": "object"},
            training_observations=text(1024),
            training_job_details=closed(
                training_arn=text(1024),
                training_datasets=many(text(1024), maxItems=15),
                training_environment=closed(container_image=many(text(1024), maxItems=15)),
                training_metrics=many(TRAINING_METRIC, maxItems=50),
                user_provided_training_metrics=many(TRAINING_METRIC, maxItems=50),
                hyper_parameters=many(HYPERPARAMETER, maxItems=100),
                user_provided_hyper_parameters=many(HYPERPARAMETER, maxItems=100),
            ),
        ),
        evaluation_details=many(
            closed(
                ("name",),
                name=name(63),
                evaluation_observation=text(2096),
                evaluation_job_arn=text(256),
                datasets=many(text(1024), maxItems=10),
                metadata={"type": "object", "additionalProperties": text(1024)},
                metric_groups=many(closed(("name", "metric_data"), name=name(63), metric_data=many(METRICS))),
            )
        ),
        additional_information=closed(
            ethical_considerations=text(2048),
            caveats_and_recommendations=text(2048),
            custom_details={"type": "object", "additionalProperties": text(1024)},
        ),
    )
