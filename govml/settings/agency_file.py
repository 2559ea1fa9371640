"""The keys of the agency file, each legal by itself; `root.Settings` judges them together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field, PlainSerializer, PrivateAttr

from govml.errors import UserError
from govml.settings.ai import AiSettings
from govml.settings.base import ReadOnly, SettingsModel
from govml.settings.baseline import BaselineSettings
from govml.settings.bootstrap import BootstrapSettings
from govml.settings.budget import BudgetSettings
from govml.settings.cicd import CicdSettings
from govml.settings.classification import HANDLING, DataClassification, Handling
from govml.settings.data import DataSettings, SourceSettings
from govml.settings.endpoint import BatchSettings, EndpointSettings
from govml.settings.environments import EnvironmentName, EnvironmentSettings
from govml.settings.features import FeatureSettings, Switches
from govml.settings.iam import IamSettings
from govml.settings.model_monitor import ModelMonitorSettings
from govml.settings.network import NetworkSettings
from govml.settings.observability import ObservabilitySettings
from govml.settings.platform import PlatformSettings
from govml.settings.presets import Maturity, switches_of
from govml.settings.tags import MOST_TAGS
from govml.settings.use_cases import UseCaseSettings
from govml.settings.values import AgencyName, Email, Region, TagValue, UseCaseName


class AgencyFile(SettingsModel):
    """One agency's platform: everything that differs between agencies, and nothing else."""

    agency: AgencyName
    """Short name that starts every physical name: 2 to 16 lower-case letters, digits and single hyphens."""

    project_code: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64)]
    """Project code for cost allocation (letters, digits, `.`, `_`, `-`); it becomes the tag Project-Code."""

    owner: Email
    """E-mail address of the team that runs the platform, such as team@agency.gov.sg; alarms go there."""

    data_classification: DataClassification
    """Highest class of the data that the platform holds; it becomes the tag Data-Classification."""

    tags: Annotated[
        Mapping[str, TagValue], Field(max_length=MOST_TAGS), AfterValidator(ReadOnly), PlainSerializer(dict)
    ] = Field(default_factory=lambda: ReadOnly({}))
    """Further tags on every resource, beside Project-Code, Environment, Agency and Data-Classification."""

    region: Region = "ap-southeast-1"
    """AWS region of every environment, such as ap-southeast-1; one of allowed_regions."""

    allowed_regions: Annotated[tuple[Region, ...], Field(min_length=1, strict=False)] = ("ap-southeast-1",)
    """Regions that the agency may use, such as ap-southeast-1 (Singapore), which is the default."""

    maturity: Maturity
    """Preset of switches: stage1 basic, stage2 automated and monitored, stage3 adds Studio and the AI service."""

    environments: Annotated[
        Mapping[EnvironmentName, EnvironmentSettings],
        Field(min_length=1),
        AfterValidator(ReadOnly),
        PlainSerializer(dict),
    ]
    """The environments that exist: any of dev, uat, prod."""

    network: NetworkSettings = NetworkSettings()
    """The network that the platform makes."""

    iam: IamSettings = IamSettings()
    """What the landing zone demands of every role."""

    bootstrap: BootstrapSettings = BootstrapSettings()
    """How `cdk bootstrap` prepares the accounts."""

    features: FeatureSettings = FeatureSettings()
    """Overrides of the preset's switches."""

    observability: ObservabilitySettings = ObservabilitySettings()
    """Logs, and where alerts go."""

    baseline: BaselineSettings = BaselineSettings()
    """Account rules; used when the switch gcc_baseline is on."""

    budget: BudgetSettings = BudgetSettings()
    """What may be spent, and who is told when more is."""

    data: DataSettings = DataSettings()
    """Data sources, and the stores beside the lake."""

    platform: PlatformSettings = PlatformSettings()
    """Experiment tracking that all use cases share."""

    use_cases: Annotated[Mapping[UseCaseName, UseCaseSettings], AfterValidator(ReadOnly), PlainSerializer(dict)] = (
        Field(default_factory=lambda: ReadOnly({}))
    )
    """The models that are built, each with its own pipeline and stack."""

    ai: AiSettings | None = None
    """Access to foundation models; needed when the switch ai_service is on."""

    cicd: CicdSettings | None = None
    """Delivery; needed when the switch cicd is on."""

    # Line of each key of the file that this was read from, for provenance; empty when it was made in code.
    _lines: Mapping[tuple[str, ...], int] = PrivateAttr(default_factory=dict)

    @property
    def switches(self) -> Switches:
        """Which components exist: the preset of `maturity`, overridden by `features`."""
        return switches_of(self.maturity, self.features)

    @property
    def handling(self) -> Handling:
        """How data of this agency's class is handled."""
        return HANDLING[self.data_classification]

    def environment(self, name: str) -> EnvironmentSettings:
        """Return one environment's settings.

        Raises:
            UserError: the agency file has no such environment.
        """
        for known, environment in self.environments.items():
            if known == name:
                return environment
        raise UserError(
            f"agency {self.agency} has no environment {name!r}", hint=f"it has {', '.join(self.environments)}"
        )

    def line(self, *path: str) -> int | None:
        """Return the line of the agency file where a key stands, as in `line("features", "studio")`, or None."""
        return self._lines.get(path)

    @property
    def sources(self) -> dict[str, SourceSettings]:
        """Data sources by name: those of `data.sources`, and with the usual settings those that only a use case names."""
        named = {self.source(use_case): SourceSettings() for use_case in self.use_cases}
        return {**named, **self.data.sources}

    def source(self, use_case: str) -> str:
        """Return the name of the data source that a use case is trained on."""
        return self.use_cases[use_case].source or use_case

    @property
    def fetched_sources(self) -> list[str]:
        """Names of the data sources that are fetched from their publisher, where sources are taken in at all."""
        sources = self.sources.items() if self.switches.ingestion else ()
        return [name for name, source in sources if source.fetch is not None]

    @property
    def served(self) -> dict[str, EndpointSettings]:
        """Endpoints by use case, where endpoints are made at all."""
        named = {name: each.endpoint for name, each in self.use_cases.items()} if self.switches.endpoints else {}
        return {name: endpoint for name, endpoint in named.items() if endpoint is not None}

    @property
    def watched(self) -> tuple[str, ...]:
        """Use cases whose model is served and trained here, so that the drift engine looks at it and it is trained again."""
        switches = self.switches
        return tuple(self.served) if switches.monitoring and switches.training_pipeline else ()

    @property
    def model_monitored(self) -> dict[str, ModelMonitorSettings]:
        """What SageMaker Model Monitor looks at besides, by use case."""
        named = {name: self.use_cases[name].monitoring.model_monitor for name in self.watched}
        return {name: monitor for name, monitor in named.items() if monitor is not None}

    def hosts_grafana(self, environment: EnvironmentSettings) -> bool:
        """Return whether the agency's workspace of Grafana stands in this environment."""
        grafana = self.observability.grafana if self.switches.managed_grafana else None
        return grafana is not None and self.environments.get(grafana.environment) is environment

    def seen_by_grafana(self, own: str) -> list[str]:
        """Return the environments that a workspace in `own` shows by Prometheus: those of its account, up to it in the file.

        Those after it are deployed after it, and have nothing to show yet when it asks.
        """
        known: list[str] = list(self.environments)
        account = self.environment(own).account
        return [name for name in known[: known.index(own) + 1] if self.environment(name).account == account]

    @property
    def asynchronous(self) -> bool:
        """Whether any use case is served by an asynchronous endpoint, which takes requests from S3 and answers there."""
        return any(endpoint.kind == "asynchronous" for endpoint in self.served.values())

    @property
    def batched(self) -> dict[str, BatchSettings]:
        """Batch transforms by use case, of those that are served."""
        named = {name: self.use_cases[name].batch for name in self.served}
        return {name: batch for name, batch in named.items() if batch is not None}

    def definition(self, use_case: str) -> str:
        """Return the path of a use case's pipeline definition, relative to the repository."""
        return self.use_cases[use_case].definition or f"pipeline_code/usecases/{use_case}/definition.json"
