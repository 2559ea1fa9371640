"""Rules of switches: a component that is on has what it works with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from govml.settings.rules.finding import Finding, Rule

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile

_SWITCHES = frozenset({"maturity", "features"})


def schedule_needs_pipeline(settings: AgencyFile) -> Iterator[Finding]:
    """A schedule starts a pipeline."""
    if settings.switches.pipeline_schedule and not settings.switches.training_pipeline:
        yield Finding(
            ("features", "pipeline_schedule"),
            "pipeline_schedule is on, but training_pipeline is off: there is nothing to start",
            "turn features.training_pipeline on, or features.pipeline_schedule off",
        )


def pipeline_needs_tracking(settings: AgencyFile) -> Iterator[Finding]:
    """The pipeline's Track step writes each run to the tracking server."""
    if settings.switches.training_pipeline and not settings.switches.experiment_tracking:
        yield Finding(
            ("features", "training_pipeline"),
            "training_pipeline is on, but experiment_tracking is off: the pipeline records its runs there",
            "turn features.experiment_tracking on, or features.training_pipeline off",
        )


def pipeline_needs_use_cases(settings: AgencyFile) -> Iterator[Finding]:
    """A pipeline is made per use case."""
    if settings.switches.training_pipeline and not settings.use_cases:
        yield Finding(
            ("use_cases",),
            "training_pipeline is on, but there is no use case to train",
            "add one under use_cases, or turn features.training_pipeline off",
        )


def ai_service_needs_models(settings: AgencyFile) -> Iterator[Finding]:
    """Access is granted to named models only."""
    if settings.switches.ai_service and settings.ai is None:
        yield Finding(
            ("ai",),
            "ai_service is on, but no foundation model is named",
            "list them under ai.models, or turn features.ai_service off",
        )


def cicd_needs_source(settings: AgencyFile) -> Iterator[Finding]:
    """Delivery needs to know what to deliver."""
    if settings.switches.cicd and settings.cicd is None:
        yield Finding(
            ("cicd",),
            "cicd is on, but no repository is named",
            "add cicd.repository (OWNER/NAME), or turn features.cicd off",
        )


def canary_needs_release(settings: AgencyFile) -> Iterator[Finding]:
    """The release says which version is live and what it is known to answer; alarms tell what the canary finds."""
    for needed in ("release", "alarms"):
        if settings.switches.synthetic_canary and not getattr(settings.switches, needed):
            yield Finding(
                ("features", "synthetic_canary"),
                f"synthetic_canary is on, but {needed} is off: "
                + ("nothing says what an endpoint should answer" if needed == "release" else "nobody would hear of it"),
                f"turn features.{needed} on, or features.synthetic_canary off",
            )


def telemetry_needs_endpoints(settings: AgencyFile) -> Iterator[Finding]:
    """Metrics and traces are those of served models."""
    for switch, what in (("managed_prometheus", "metrics"), ("tracing", "traces")):
        if getattr(settings.switches, switch) and not settings.switches.endpoints:
            yield Finding(
                ("features", switch),
                f"{switch} is on, but endpoints is off: no model is served whose {what} there would be",
                f"turn features.endpoints on, or features.{switch} off",
            )


SWITCH_RULES: tuple[Rule, ...] = (
    Rule(schedule_needs_pipeline, _SWITCHES),
    Rule(pipeline_needs_tracking, _SWITCHES),
    Rule(pipeline_needs_use_cases, _SWITCHES | {"use_cases"}),
    Rule(ai_service_needs_models, _SWITCHES | {"ai"}),
    Rule(canary_needs_release, _SWITCHES),
    Rule(telemetry_needs_endpoints, _SWITCHES),
    Rule(cicd_needs_source, _SWITCHES | {"cicd"}),
)
