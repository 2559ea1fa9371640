"""What the jobs of each use case used: one instance type serves all steps, so the busiest step decides."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from govml.cost.advice.figures import Figures, Window
from govml.cost.advice.observed import Observed

MOST_JOBS = 200
"""Newest jobs of each kind that are looked at: each costs two calls and two metrics."""
_STEP = re.compile(r"^pipelines-[a-z0-9]+-(?P<step>.+)-[A-Za-z0-9]+$")  # SageMaker Pipelines' own names of jobs
_SECONDS = Decimal(3600)


@dataclass(frozen=True)
class _Kind:
    """How one kind of job is listed, described and measured."""

    listing: str
    summaries: str
    name: str
    describe: str
    namespace: str


_KINDS = (
    _Kind(
        "list_training_jobs",
        "TrainingJobSummaries",
        "TrainingJobName",
        "describe_training_job",
        "/aws/sagemaker/TrainingJobs",
    ),
    _Kind(
        "list_processing_jobs",
        "ProcessingJobSummaries",
        "ProcessingJobName",
        "describe_processing_job",
        "/aws/sagemaker/ProcessingJobs",
    ),
)


@dataclass(frozen=True)
class _Job:
    step: str
    instance_type: str
    count: int
    hours: Decimal
    cpu: Decimal | None
    memory: Decimal | None


def observed_jobs(
    sagemaker: Any, figures: Figures, window: Window, tags: Mapping[str, str], use_cases: Mapping[str, str]
) -> Iterator[Observed]:
    """Yield one observation for each use case and instance type.

    Args:
        sagemaker: boto3 client.
        figures: figures of the days.
        window: the days.
        tags: cost tags that a job of this environment carries.
        use_cases: value of the tag `govml-use-case` -> name in the agency file.
    """
    found: dict[tuple[str, str], list[_Job]] = defaultdict(list)
    for kind in _KINDS:
        for name, arn in _listed(sagemaker, kind, window):
            carried = {tag["Key"]: tag["Value"] for tag in sagemaker.list_tags(ResourceArn=arn)["Tags"]}
            slug = carried.get("govml-use-case", "")
            if slug in use_cases and tags.items() <= carried.items():
                job = _job(sagemaker, figures, kind, name)
                found[use_cases[slug], job.instance_type].append(job)
    for (use_case, instance_type), jobs in sorted(found.items()):
        yield _together(use_case, instance_type, jobs, window)


def _listed(sagemaker: Any, kind: _Kind, window: Window) -> Iterator[tuple[str, str]]:
    pages = sagemaker.get_paginator(kind.listing).paginate(
        CreationTimeAfter=window.start,
        NameContains="pipelines-",
        SortBy="CreationTime",
        SortOrder="Descending",
        PaginationConfig={"MaxItems": MOST_JOBS},
    )
    for page in pages:
        for each in page[kind.summaries]:
            yield each[kind.name], each[kind.name.replace("Name", "Arn")]


def _job(sagemaker: Any, figures: Figures, kind: _Kind, name: str) -> _Job:
    described = getattr(sagemaker, kind.describe)(**{kind.name: name})
    cluster = described.get("ResourceConfig") or described["ProcessingResources"]["ClusterConfig"]
    hosts = [{"Host": f"{name}/algo-{number + 1}"} for number in range(cluster["InstanceCount"])]
    step = _STEP.match(name)
    return _Job(
        step=step["step"] if step else name,
        instance_type=cluster["InstanceType"],
        count=cluster["InstanceCount"],
        hours=_hours(described),
        cpu=_highest(figures.peak(kind.namespace, "CPUUtilization", host) for host in hosts),
        memory=_highest(figures.peak(kind.namespace, "MemoryUtilization", host) for host in hosts),
    )


def _hours(described: Mapping[str, Any]) -> Decimal:
    """Return for how long each instance is billed: what the service says, else from start to end."""
    if "BillableTimeInSeconds" in described:
        return Decimal(described["BillableTimeInSeconds"]) / _SECONDS
    start: datetime | None = described.get("ProcessingStartTime") or described.get("TrainingStartTime")
    end: datetime | None = described.get("ProcessingEndTime") or described.get("TrainingEndTime")
    if start is None or end is None:
        return Decimal(0)
    return Decimal(max(0, int((end - start).total_seconds()))) / _SECONDS


def _highest(values: Iterable[Decimal | None]) -> Decimal | None:
    return max((value for value in values if value is not None), default=None)


def _together(use_case: str, instance_type: str, jobs: list[_Job], window: Window) -> Observed:
    measured = [job for job in jobs if job.cpu is not None]
    busiest = max(measured, key=lambda job: job.cpu or Decimal(0)).step if measured else ""
    return Observed(
        subject=f"{len(jobs)} jobs of {use_case}",
        place=f"use_cases.{use_case}.instance_type",
        instance_type=instance_type,
        count=1,  # the type is judged, not how many share a training
        least_count=1,
        hours=sum((job.hours * job.count for job in jobs), Decimal(0)) / window.months,
        peak_cpu_percent=_highest(job.cpu for job in jobs),
        peak_memory_percent=_highest(job.memory for job in jobs),
        busiest=busiest,
    )
