"""Where SageMaker Model Monitor would have nothing to look at, or could not run; each with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from govml.settings.instance_families import PROCESSING_FAMILIES, family
from govml.settings.model_monitor import ANALYZER_ACCOUNTS, ModelMonitorSettings
from govml.settings.names import Names
from govml.settings.rules.endpoint import ENDPOINT_KEYS
from govml.settings.rules.finding import Finding, Rule

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile

_FILES = ("statistics", "constraints", "record_preprocessor")


def _monitors(settings: AgencyFile) -> Iterator[tuple[str, tuple[str, ...], ModelMonitorSettings]]:
    for name, use_case in settings.use_cases.items():
        if use_case.monitoring.model_monitor is not None:
            yield name, ("use_cases", name, "monitoring", "model_monitor"), use_case.monitoring.model_monitor


def it_runs_beside_the_drift_engine(settings: AgencyFile) -> Iterator[Finding]:
    """What it finds is a question to the drift engine, which answers it."""
    for name, place, _ in _monitors(settings):
        if settings.use_cases[name].endpoint is not None and name not in settings.watched:
            yield Finding(
                place,
                "the drift engine does not look at this use case, and what Model Monitor finds goes to it",
                "turn features.monitoring, features.endpoints and features.training_pipeline on, or leave model_monitor out",
            )


def it_looks_at_captured_requests(settings: AgencyFile) -> Iterator[Finding]:
    """`EndpointInput` reads what a real-time endpoint captures (SageMaker developer guide, "Data capture")."""
    for name, place, _ in _monitors(settings):
        endpoint = settings.use_cases[name].endpoint
        if endpoint is None:
            yield Finding(
                place,
                "the use case has no endpoint, so nothing is captured",
                "add `endpoint: {}`, or leave model_monitor out",
            )
        elif endpoint.kind != "real-time":
            yield Finding(
                place,
                f"SageMaker captures no data when kind is {endpoint.kind}: there is nothing to look at",
                "take endpoint.kind: real-time, or leave model_monitor out",
            )


def its_files_stay(settings: AgencyFile) -> Iterator[Finding]:
    """A baseline in a folder whose files are deleted by age would be gone one day, and every job would fail."""
    for _, place, monitor in _monitors(settings):
        for key in _FILES:
            path = getattr(monitor, key)
            folder = next((each for each in Names.AGEING_FOLDERS if path and path.startswith(f"{each}/")), None)
            if folder:
                yield Finding(
                    (*place, key),
                    f"files below {folder}/ are deleted when they are old",
                    f"keep it elsewhere, such as model-monitor/{path.rpartition('/')[2]}",
                )


def its_jobs_have_instances_and_an_image(settings: AgencyFile) -> Iterator[Finding]:
    """Not every family runs processing jobs, and not every region's image is known."""
    for _, place, monitor in _monitors(settings):
        if family(monitor.instance_type) not in PROCESSING_FAMILIES:
            yield Finding(
                (*place, "instance_type"),
                f"{monitor.instance_type} runs no processing job",
                "take one of the families that do, such as ml.m5",
            )
        if settings.region not in ANALYZER_ACCOUNTS:
            yield Finding(
                place,
                f"it is not known where {settings.region} keeps the image of Model Monitor",
                "leave model_monitor out: the drift engine needs no image of AWS",
            )


MODEL_MONITOR_RULES: tuple[Rule, ...] = (
    Rule(it_runs_beside_the_drift_engine, ENDPOINT_KEYS),
    Rule(it_looks_at_captured_requests, ENDPOINT_KEYS),
    Rule(its_files_stay, ENDPOINT_KEYS),
    Rule(its_jobs_have_instances_and_an_image, ENDPOINT_KEYS | {"region"}),
)
