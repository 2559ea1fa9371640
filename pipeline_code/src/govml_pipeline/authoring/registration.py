"""The step Register: a model package that carries its evidence, pending until a person approves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sagemaker.core.model_metrics import MetricsSource, ModelMetrics
from sagemaker.mlops.workflow import ModelStep
from sagemaker.serve.model_builder import ModelBuilder

from govml_pipeline.authoring import placeholders as open_values
from govml_pipeline.authoring.session import OfflineSession
from govml_pipeline.authoring.training_parameters import TrainingParameters

_CONTENT_TYPES: Final = ["application/json", "text/csv"]


@dataclass(frozen=True)
class Evidence:
    """S3 URIs of the JSON files that a model package refers to.

    Args:
        quality: metrics on the test months.
        fairness: errors and outcomes by declared group.
        explanation: which features decide, overall.
    """

    quality: Any
    fairness: Any
    explanation: Any


def register(
    *,
    session: OfflineSession,
    model_data: Any,
    parameters: TrainingParameters,
    instance_types: list[str],
    evidence: Evidence,
    notes: Mapping[str, Any],
) -> ModelStep:
    """Return the step that registers a model.

    Args:
        session: offline session.
        model_data: S3 URI of `model.tar.gz`.
        parameters: parameters of the pipeline.
        instance_types: instance types that may serve the model.
        evidence: files about the model.
        notes: the package's customer metadata: name -> text, at most 50 of them.
    """
    builder = ModelBuilder(
        image_uri=open_values.IMAGE_URI,
        s3_model_data_url=model_data,
        role_arn=open_values.ROLE_STAND_IN,
        sagemaker_session=session,
    )
    return ModelStep(
        "Register",
        step_args=builder.register(
            model_package_group_name=parameters.group,
            approval_status=parameters.approval,
            content_types=_CONTENT_TYPES,
            response_types=_CONTENT_TYPES,
            inference_instances=instance_types,
            transform_instances=instance_types,
            model_metrics=ModelMetrics(
                model_statistics=_json(evidence.quality),
                bias=_json(evidence.fairness),
                explainability=_json(evidence.explanation),
            ),
            customer_metadata_properties=dict(notes),
        ),
    )


def _json(uri: Any) -> MetricsSource:
    return MetricsSource(content_type="application/json", s3_uri=uri)
