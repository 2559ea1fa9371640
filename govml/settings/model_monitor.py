"""SageMaker Model Monitor beside the drift engine, for agencies that had it before it was closed to new customers."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from govml.settings.base import SettingsModel
from govml.settings.instance_families import InstanceType

# SageMaker API reference, `ScheduleConfig`: hourly, daily, or every so many hours from one on, at the full hour (UTC).
_SCHEDULE = re.compile(r"cron\(0 (\*|(?:[01]?\d|2[0-3])(?:/(?:0?[1-9]|1\d|2[0-4]))?) \? \* \* \*\)", re.ASCII)
_KEY = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*", re.ASCII)

#: Region -> account of the repository `sagemaker-model-monitor-analyzer`. Source: SageMaker Python SDK, `image_uris`,
#: `model-monitor.json`, as read on 2026-11-28 (SageMaker AI developer guide, "Model Monitor prebuilt container").
ANALYZER_ACCOUNTS = {
    "ap-east-1": "001633400207",
    "ap-northeast-1": "574779866223",
    "ap-northeast-2": "709848358524",
    "ap-south-1": "126357580389",
    "ap-southeast-1": "245545462676",
    "ap-southeast-2": "563025443158",
    "ca-central-1": "536280801234",
    "eu-central-1": "048819808253",
    "eu-north-1": "895015795356",
    "eu-west-1": "468650794304",
    "eu-west-2": "749857270468",
    "eu-west-3": "680080141114",
    "us-east-1": "156813124566",
    "us-east-2": "777275614652",
    "us-west-1": "890145073186",
    "us-west-2": "159807026194",
}


def _schedule(text: str) -> str:
    if not _SCHEDULE.fullmatch(text):
        raise PydanticCustomError(
            "schedule",
            "is not a schedule of Model Monitor: cron(0 * ? * * *) each hour, cron(0 20 ? * * *) each day at 20:00 UTC, "
            "or cron(0 0/6 ? * * *) every six hours",
        )
    return text


def _own_file(text: str, suffix: str) -> str:
    """Refuse what the job's role could not read: it reads below the use case's own prefix and nowhere else."""
    if "://" in text:
        raise PydanticCustomError(
            "path",
            "is outside what the job may read: copy the file below the use case's prefix of the artefact zone, and write "
            "its path from there, such as model-monitor/{name}",
            {"name": text.rpartition("/")[2] or f"file{suffix}"},
        )
    if not _KEY.fullmatch(text) or ".." in PurePosixPath(text).parts or not text.endswith(suffix):
        raise PydanticCustomError(
            "path",
            "must be a path below the use case's prefix of the artefact zone that ends in {suffix}, such as "
            "model-monitor/file{suffix}",
            {"suffix": suffix},
        )
    return text


def _json_file(text: str) -> str:
    return _own_file(text, ".json")


def _script(text: str) -> str:
    return _own_file(text, ".py")


class ModelMonitorSettings(SettingsModel):
    """Data quality by Model Monitor, against a baseline that the agency has. It runs beside the drift engine, which decides."""

    statistics: Annotated[str, Field(max_length=512), AfterValidator(_json_file)]
    """statistics.json of a baselining job: its path below the use case's prefix of the artefact zone, in each environment."""

    constraints: Annotated[str, Field(max_length=512), AfterValidator(_json_file)]
    """constraints.json of the same job, likewise."""

    record_preprocessor: Annotated[str, Field(max_length=512), AfterValidator(_script)] | None = None
    """Script that makes rows of captured requests, likewise; empty: requests and answers are CSV or flat JSON as they are."""

    schedule: Annotated[str, AfterValidator(_schedule)] = "cron(0 20 ? * * *)"
    """When it runs (UTC), hourly to daily; default: 04:00 in Singapore, each day."""

    instance_type: InstanceType = "ml.m5.xlarge"
    """SageMaker instance type of its jobs, such as ml.m5.xlarge."""
