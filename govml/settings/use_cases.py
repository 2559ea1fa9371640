"""One use case: a model with its pipeline, its schedule and its acceptance criteria."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from govml.settings.acceptance import Criteria
from govml.settings.base import SettingsModel
from govml.settings.endpoint import BatchSettings, EndpointSettings
from govml.settings.instance_families import InstanceType
from govml.settings.monitoring import MonitoringSettings
from govml.settings.release import ReleaseSettings
from govml.settings.schedule import check_schedule
from govml.settings.tuning import TuningSettings
from govml.settings.values import SourceName


def _inside_repository(text: str) -> str:
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts or "\\" in text:
        raise PydanticCustomError("path", "must be a path inside the repository, relative to its root")
    return text


def _model_archive(text: str) -> str:
    """Refuse what is no archive as SageMaker takes it: a `.tar.gz` of the repository, or an object."""
    if not text.endswith(".tar.gz"):
        raise PydanticCustomError("path", "must be a model archive: its name ends in .tar.gz")
    if not text.startswith("s3://"):
        return _inside_repository(text)
    if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/[^*?]+", text):
        raise PydanticCustomError("path", "is no S3 URI of one object: s3://BUCKET/KEY.tar.gz")
    return text


def _immutable_tag(text: str) -> str:
    if text == "latest":
        raise PydanticCustomError(
            "image_tag", "`latest` changes under a deployed pipeline; name one build, such as its commit"
        )
    return text


class UseCaseSettings(SettingsModel):
    """How a use case is trained, served and released."""

    definition: Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_inside_repository)] | None = None
    """Pipeline definition, relative to the repository; default: pipeline_code/usecases/NAME/definition.json."""

    source: SourceName | None = None
    """Data source that the model is trained on, a folder of pipeline_code/data_sources/; default: the use case's own name."""

    instance_type: InstanceType = "ml.m5.large"
    """SageMaker instance type of the processing and training jobs, such as ml.m5.large."""

    image_tag: (
        Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$"), AfterValidator(_immutable_tag)] | None
    ) = None
    """Tag of the container image that the jobs run; empty: the tag that the build writes."""

    schedule: Annotated[str, AfterValidator(check_schedule)] = "cron(0 18 1 * ? *)"
    """When the pipeline starts (UTC): cron(...) or rate(...); default: 02:00 on the 2nd of each month in Singapore."""

    train_instances: Annotated[int, Field(ge=1, le=20)] = 1
    """Instances that share the training of the model, for data that outgrows one machine."""

    tuning: TuningSettings = TuningSettings()
    """How the hyperparameters are searched; default: not at all."""

    acceptance: Criteria
    """Written down before the model is built: metric -> max or min. A model that misses one is not registered."""

    endpoint: EndpointSettings | None = None
    """How the model is served; left out: not at all. Used when the switch endpoints is on."""

    batch: BatchSettings | None = None
    """Batch transform with the live model; left out: none. It needs an endpoint, whose live model it takes."""

    model: Annotated[str, AfterValidator(_model_archive)] | None = None
    """Model handed over by hand: a model.tar.gz of the repository, or s3://BUCKET/KEY; live until the first release."""

    monitoring: MonitoringSettings = MonitoringSettings()
    """How the served model is watched, and what a sustained drift leads to. Used when the switch monitoring is on."""

    release: ReleaseSettings = ReleaseSettings()
    """Who approves model versions and signs them off."""
