"""The switches: which components an environment has."""

from __future__ import annotations

from dataclasses import dataclass

from govml.settings.base import SettingsModel


class FeatureSettings(SettingsModel):
    """Overrides of the switches that the maturity preset sets; a switch that is not written follows the preset."""

    catalogue: bool | None = None
    """Glue data catalogue over the lake zones, and Athena to query it."""

    lake_formation: bool | None = None
    """Lake Formation decides who reads which table, by persona and by a tag for the class of the data."""

    ingestion: bool | None = None
    """One pipeline per data source: check delivered files against the contract, curate them, quarantine bad rows."""

    feature_store: bool | None = None
    """SageMaker feature groups from the feature definitions of each use case's code."""

    warehouse: bool | None = None
    """Redshift Serverless in the private subnets, with a usage limit."""

    vector_store: bool | None = None
    """A private store of embeddings for the AI service."""

    experiment_tracking: bool | None = None
    """Managed MLflow: runs, parameters, metrics and artefacts."""

    studio: bool | None = None
    """SageMaker Studio domain, VPC only, for interactive work."""

    training_pipeline: bool | None = None
    """One SageMaker pipeline per use case: validate, prepare, train, evaluate, register."""

    pipeline_schedule: bool | None = None
    """Systematic retraining: start each use case's pipeline on its schedule."""

    endpoints: bool | None = None
    """One stack per use case that has an endpoint: it serves the released model, or the one that was handed over."""

    release: bool | None = None
    """Deployment on approval: the approved model version takes over its endpoint, and a locked ledger tells why."""

    monitoring: bool | None = None
    """The drift engine looks at every served model; sustained drift asks for retraining, with the live model to beat."""

    alarms: bool | None = None
    """CloudWatch alarms, sent to the owner's e-mail address."""

    dashboards: bool | None = None
    """CloudWatch dashboard of the environment."""

    synthetic_canary: bool | None = None
    """Every five minutes each endpoint is asked for what its released model is known to answer; silence rings, too."""

    managed_grafana: bool | None = None
    """Managed Grafana with the dashboards of this repository, reached from the network alone; about USD 9 an editor a month."""
    managed_prometheus: bool | None = None
    """Managed Prometheus with rules and alerts: metrics of every served model and of the drift engine, out of their logs."""

    tracing: bool | None = None
    """X-Ray traces of requests, out of the endpoints' logs: of failures all, of others observability.trace_percent."""

    personas: bool | None = None
    """Roles for people, with separated duties: data scientist, ML engineer, data engineer, approver, auditor."""

    ai_service: bool | None = None
    """Governed access to foundation models: named models, a guardrail, invocation logging."""

    cicd: bool | None = None
    """CodePipeline that tests, synthesises, gates and deploys this repository."""

    gcc_baseline: bool | None = None
    """Account rules of the Government on Commercial Cloud: alerts, patch baseline, public access blocked."""


@dataclass(frozen=True, kw_only=True)
class Switches:
    """The resolved switches: every component is either on or off. Same names as in `FeatureSettings`."""

    catalogue: bool
    lake_formation: bool
    ingestion: bool
    feature_store: bool
    warehouse: bool
    vector_store: bool
    experiment_tracking: bool
    studio: bool
    training_pipeline: bool
    pipeline_schedule: bool
    endpoints: bool
    release: bool
    monitoring: bool
    alarms: bool
    dashboards: bool
    synthetic_canary: bool
    managed_grafana: bool
    managed_prometheus: bool
    tracing: bool
    personas: bool
    ai_service: bool
    cicd: bool
    gcc_baseline: bool

    @property
    def telemetry(self) -> bool:
        """Whether something hands on what logs tell of metrics or traces."""
        return self.managed_prometheus or self.tracing
