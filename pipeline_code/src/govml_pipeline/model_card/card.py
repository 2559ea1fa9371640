"""The model card in SageMaker's JSON schema.

Source of the schema: "Model card JSON schema" in "Amazon SageMaker Model Cards", SageMaker developer guide. The card of a
model package has the same form but for `model_overview`, which there holds `model_creator` and `model_artifact` only
("Model package model card schema"); `package_card` makes that one.
"""

from __future__ import annotations

from typing import Any, Final

from govml_pipeline.errors import UserError
from govml_pipeline.files import json_text
from govml_pipeline.model_card.evidence import Evidence

#: Largest card that the service takes (`ModelCardContent`), in characters.
LARGEST: Final = 100_000
_BARS: Final = 20
_UNSAID: Final = "Not stated: the use case declares no card text."


def model_card(evidence: Evidence) -> dict[str, Any]:
    """Fill the card.

    Raises:
        UserError: the card is larger than the service takes.
    """
    text, training = evidence.use_case.card, evidence.metadata["training"]
    dataset = evidence.validation["dataset"]
    card: dict[str, Any] = {
        "model_overview": {
            "model_description": text.description if text else _UNSAID,
            "model_owner": text.owner if text else _UNSAID,
            "algorithm_type": evidence.metadata["algorithm"],
            "problem_type": evidence.use_case.kind,
        },
        "intended_uses": {
            "purpose_of_model": text.purpose if text else _UNSAID,
            "intended_uses": cut(f"{text.intended_uses} Not for: {text.not_for}", 2048) if text else _UNSAID,
            "factors_affecting_model_efficiency": text.limits if text else _UNSAID,
            "risk_rating": text.risk if text else "Unknown",
            "explanations_for_risk_rating": text.risk_reason if text else _UNSAID,
        },
        "training_details": {
            "training_observations": cut(
                f"{dataset['title']}. {dataset['notice']} Months {training['months']['first']} to "
                f"{training['months']['last']}. {text.choice if text else ''}".strip(),
                1024,
            ),
            "training_job_details": {
                "training_datasets": [f"sha256:{dataset['sha256']}"],
                "user_provided_training_metrics": [
                    {"name": f"validation {training['validation_metric']}", "value": training["validation_score"]}
                ],
                "user_provided_hyper_parameters": [
                    {"name": cut(name, 255), "value": cut(str(value), 255)}
                    for name, value in sorted({**training["parameters"], "rounds": training["rounds"]}.items())
                ],
            },
        },
        "evaluation_details": _evaluations(evidence),
        "additional_information": {
            "ethical_considerations": text.ethics if text else _UNSAID,
            "caveats_and_recommendations": cut(evidence.assessment["reason"], 2048),
            "custom_details": _details(evidence),
        },
    }
    if text and (text.problem or text.stakeholders):
        said = {"business_problem": text.problem, "business_stakeholders": text.stakeholders}
        card["business_details"] = {name: value for name, value in said.items() if value}
    if len(json_text(card)) > LARGEST:
        raise UserError(
            f"the model card has {len(json_text(card)):,} characters, SageMaker takes {LARGEST:,}",
            hint="declare fewer groups or shorter texts",
        )
    return card


def package_card(card: dict[str, Any], *, creator: str) -> dict[str, Any]:
    """The card in the form that a model package takes."""
    return {**card, "model_overview": {"model_creator": cut(creator, 1024)}}


def _details(evidence: Evidence) -> dict[str, str]:
    metadata, code = evidence.metadata, evidence.metadata["code"]
    return {
        "model_version": metadata["model_version"],
        "verdict": evidence.assessment["verdict"],
        "library": metadata["library"],
        "data_contract": f"{metadata['contract']['name']} version {metadata['contract']['version']}",
        "code_sha256": code["sha256"] if code else "installed package",
        "test_window": "{first_month} to {last_month}".format(**evidence.evaluation["window"]),
    }


def _evaluations(evidence: Evidence) -> list[dict[str, Any]]:
    group, entries = evidence.metrics()
    found = [
        {
            "name": "Evaluation",
            "evaluation_observation": cut(evidence.assessment["reason"], 2096),
            "datasets": ["test months {first_month} to {last_month}".format(**evidence.evaluation["window"])],
            "metric_groups": [{"name": group, "metric_data": _numbers(entries)}, *_segments(evidence)],
        },
        {
            "name": "Operation",
            "metric_groups": [
                {"name": "operational", "metric_data": [_number(n, v) for n, v in evidence.operational.items()]}
            ],
        },
        {
            "name": "Explanation",
            "evaluation_observation": f"{evidence.explanation['method']}; {evidence.explanation['rows']} test rows.",
            "metric_groups": [_features(evidence.explanation["features"])],
        },
        {"name": "Robustness", "metric_groups": [_flat("robustness", evidence.robustness["measures"])]},
        {
            "name": "Model tests",
            "metric_groups": [
                {
                    "name": "model tests",
                    "metric_data": [_number("failed", evidence.model_tests["failed"])]
                    + [
                        {
                            "name": test["name"],
                            "type": "boolean",
                            "value": test["passed"],
                            "notes": cut(test["why"], 1024),
                        }
                        for test in evidence.model_tests["tests"]
                    ],
                }
            ],
        },
    ]
    groups = [_flat(column, part["measures"]) for column, part in evidence.fairness["groups"].items()]
    if groups:
        found.insert(
            1,
            {"name": "Fairness", "evaluation_observation": evidence.fairness["applies"], "metric_groups": groups},
        )
    return found


def _numbers(entries: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    data = []
    for name, entry in entries.items():
        notes = [entry["unit"]] if "unit" in entry else []
        if "lower" in entry:
            notes.append(f"95 % interval {entry['lower']:.6g} to {entry['upper']:.6g}")
        data.append(_number(name, entry["value"], "; ".join(notes)))
    return data


def _number(name: str, value: float | None, notes: str = "") -> dict[str, Any]:
    said = {"notes": notes} if notes else {}
    if value is None:
        return {"name": cut(name, 255), "type": "string", "value": "not defined", **said}
    return {"name": cut(name, 255), "type": "number", "value": value, **said}


def _flat(name: str, measures: dict[str, float | None]) -> dict[str, Any]:
    return {"name": cut(name, 63), "metric_data": [_number(key, value) for key, value in measures.items()]}


def _segments(evidence: Evidence) -> list[dict[str, Any]]:
    """Bars of the main metric by segment, the twenty with most rows."""
    groups = []
    for column, values in evidence.evaluation["segments"].items():
        metric = next((name for name in ("mape", "f1", "flagged_share", "mean_distance") if _has(values, name)), None)
        if metric is None:
            continue
        known = {name: entry for name, entry in values.items() if entry[metric] is not None and not entry.get("few")}
        largest = sorted(known, key=lambda name: -known[name]["n"])[:_BARS]
        if largest:
            bar = {
                "name": f"{metric} by {column}"[:255],
                "type": "bar_chart",
                "value": [known[name][metric] for name in largest],
                "x_axis_name": [cut(name, 63) for name in largest],
                "y_axis_name": metric,
            }
            groups.append({"name": cut(f"by {column}", 63), "metric_data": [bar]})
    return groups


def _has(values: dict[str, dict[str, Any]], metric: str) -> bool:
    return any(entry.get(metric) is not None for entry in values.values())


def _features(features: list[dict[str, Any]]) -> dict[str, Any]:
    first = features[:_BARS]
    bar = {
        "name": "mean absolute contribution",
        "type": "bar_chart",
        "value": [entry["mean_absolute"] for entry in first],
        "x_axis_name": [cut(entry["feature"], 63) for entry in first],
        "y_axis_name": "contribution",
    }
    return {"name": "features", "metric_data": [bar]}


def cut(text: str, longest: int) -> str:
    """The text, or its beginning with three dots; a dash for nothing, as the schema wants a character."""
    text = text or "-"
    return text if len(text) <= longest else text[: longest - 3] + "..."
