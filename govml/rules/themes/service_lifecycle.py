"""Services that a new account cannot use any more, or that have ended.

`closed_services.csv` holds them by type or by the first words of it, with the date, what to use instead, and where AWS
says so, as read in November 2026. CodeCommit is not in it: it is open to new customers again since 2025-11-24
(AWS DevOps blog, "AWS CodeCommit Returns to General Availability").
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from govml.rules.options import Options
from govml.rules.registry import ANY, rule
from govml.rules.template import Resource, Template
from govml.rules.values import listed

_TABLE = Path(__file__).with_name("closed_services.csv")
_MODEL_MONITOR = "SageMaker Model Monitor"
_CLASSIC_APPS = frozenset({"JupyterServer", "KernelGateway"})


class _Closed(NamedTuple):
    type: str
    service: str
    closed: str
    instead: str
    source: str


@cache
def _closed() -> dict[str, _Closed]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {row["type"]: _Closed(**row) for row in csv.DictReader(file)}


@rule(
    "GovML-ClosedService",
    ANY,
    title="No resource is of a service that is closed to new customers",
    rationale="A new account cannot create it, and what exists has no future.",
    severity="high",
    controls=("SA-22", "SA-4"),
    public_sector_controls=("IS-9",),
    source="govml/rules/themes/closed_services.csv: a dated source for each service, November 2026",
)
def closed_service(resource: Resource, _: Template, options: Options) -> Iterator[str]:
    """Look the type up, then its service; Model Monitor may be known to work in the account."""
    found = _closed().get(resource.type) or _closed().get(resource.type.rpartition("::")[0] + "::")
    if found and not (found.service == _MODEL_MONITOR and options.model_monitor):
        yield (
            f"{found.service} is closed to new customers since {found.closed} ({found.source}): use {found.instead} instead"
        )


@rule(
    "GovML-ClosedFeature",
    "AWS::SageMaker::App",
    "AWS::SageMaker::Domain",
    "AWS::SageMaker::UserProfile",
    "AWS::SageMaker::EndpointConfig",
    title="No setting asks for a feature that is closed to new customers",
    rationale="A new account cannot create it, and what exists has no future.",
    severity="medium",
    controls=("SA-22",),
    public_sector_controls=("IS-9",),
    source='SageMaker AI developer guide, "Amazon SageMaker Studio Classic" and "Amazon Elastic Inference", November 2026',
)
def closed_feature(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look for Studio Classic and for Elastic Inference."""
    if resource.type == "AWS::SageMaker::App" and str(resource.get("AppType")) in _CLASSIC_APPS:
        yield f"an app of type {resource.get('AppType')} is of Studio Classic, closed to new customers: use JupyterLab"
    for settings in ("DefaultUserSettings", "UserSettings"):
        if str(resource.get(settings, "DefaultLandingUri")).startswith("app:JupyterServer"):
            yield "lands in Studio Classic, closed to new customers: set DefaultLandingUri to studio::"
    if any(
        isinstance(each, dict) and each.get("AcceleratorType") for each in listed(resource.get("ProductionVariants"))
    ):
        yield "attaches Elastic Inference, closed to new customers since 2023-04-15: remove AcceleratorType"
