"""Every name that crosses a border: between stacks and tools, deploys and commands. One owner, no second spelling.

The stacks write these SSM parameters; the command line, the local executor and later stages read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Names:
    """Names within one environment of one agency.

    Args:
        agency: the agency file's `agency`, lower case letters, digits and hyphens.
        environment: `dev`, `uat` or `prod`.
    """

    agency: str
    environment: str

    @property
    def prefix(self) -> str:
        """Prefix of every physical name, as in `sandbox-dev`."""
        return f"{self.agency}-{self.environment}"

    def resource(self, *parts: str) -> str:
        """Physical name of a resource that must have one, as in `sandbox-dev-hdb-resale`."""
        return "-".join([self.prefix, *(part.replace("_", "-") for part in parts)])

    def parameter(self, *parts: str) -> str:
        """SSM parameter name, as in `/govml/sandbox/dev/data/raw-bucket`."""
        return "/".join(["/govml", self.agency, self.environment, *parts])

    def zone_bucket(self, zone: str) -> str:
        """SSM parameter that holds the bucket name of a lake zone (`raw`, `curated`, `artifacts`, ...)."""
        return self.parameter("data", f"{zone}-bucket")

    def evidence_bucket(self) -> str:
        """SSM parameter that holds the name of the bucket of locked evidence."""
        return self.parameter("security", "evidence-bucket")

    @staticmethod
    def slug(use_case: str) -> str:
        """A use case's name as AWS takes it (role tag, data prefix), as in `hdb-resale`."""
        return use_case.replace("_", "-")

    def key_arn(self, domain: str) -> str:
        """SSM parameter that holds the ARN of a domain's key, where another environment of the account needs it."""
        return self.parameter("security", f"{domain}-key-arn")

    def promoter_role(self) -> str:
        """Role that promotes models into the environment, as in `sandbox-uat.promoter`.

        Its name is fixed, because the policies of the environment that models come from name it before it exists. The dot
        sets it apart from the roles of services, which may be passed to them.
        """
        return f"{self.prefix}.promoter"

    def persona_role(self, persona: str) -> str:
        """Role for people, as in `sandbox-dev.data-scientist`; the dot sets it apart from the roles of services."""
        return f"{self.prefix}.{self.slug(persona)}"

    def database(self) -> str:
        """Glue database of the environment's tables, as in `sandbox_dev`; Athena takes no hyphens."""
        return self.prefix.replace("-", "_")

    def pipeline(self, use_case: str) -> str:
        """SageMaker pipeline name of a use case."""
        return self.resource(use_case)

    def feature_pipeline(self, use_case: str) -> str:
        """Name of the SageMaker pipeline that writes a use case's feature groups."""
        return self.resource(use_case, "features")

    def ingestion_pipeline(self, source: str) -> str:
        """SageMaker pipeline that takes a data source's files into its curated table, as in `sandbox-dev-ingest-hdb-resale`."""
        return self.resource("ingest", source)

    def fetch_pipeline(self, source: str) -> str:
        """SageMaker pipeline that fetches a data source from its publisher, as in `sandbox-dev-fetch-hdb-resale`."""
        return self.resource("fetch", source)

    def model_package_group(self, use_case: str) -> str:
        """Model package group (registry) name of a use case."""
        return self.resource(use_case)

    def endpoint(self, use_case: str) -> str:
        """SageMaker endpoint name of a use case, as in `sandbox-dev-hdb-resale`."""
        return self.resource(use_case)

    @staticmethod
    def serving_stack_id(use_case: str) -> str:
        """Construct id of the stack that serves a use case, as in `Serving-hdb-resale`."""
        return f"Serving-{Names.slug(use_case)}"

    def serving_stack(self, use_case: str) -> str:
        """CloudFormation name of the stack that serves a use case, as in `sandbox-dev-Serving-hdb-resale`."""
        return f"{self.prefix}-{self.serving_stack_id(use_case)}"

    def batch_pipeline(self, use_case: str) -> str:
        """SageMaker pipeline that runs a use case's batch transform, as in `sandbox-dev-batch-hdb-resale`."""
        return self.resource("batch", use_case)

    RELEASED_FOLDER: ClassVar = "released"
    """Folder of a use case in the artefact zone that its endpoint reads: released models, each below its digest."""

    CAPTURE_FOLDER: ClassVar = "capture"
    """Folder that its endpoint writes captured requests and answers to."""

    ASYNCHRONOUS_REQUESTS: ClassVar = ("requests",)
    """Folder that an asynchronous endpoint reads besides: callers put their requests there."""

    ASYNCHRONOUS_RESULTS: ClassVar = ("answers", "failures")
    """Folders that an asynchronous endpoint writes besides: what it answers, and what it could not."""

    FEEDBACK: ClassVar = "feedback"
    """Folder of what people said of answers, by day."""

    AGEING_FOLDERS: ClassVar = ("capture", FEEDBACK, "monitoring/looks")
    """Folders of a served use case that nobody needs for longer than the drift engine does."""

    BATCH_INPUT: ClassVar = "batch/input"
    """Folder of a use case in the artefact zone whose files a batch transform reads."""

    BATCH_OUTPUT: ClassVar = "batch/output"
    """Folder that it writes."""

    @staticmethod
    def capture_prefix(use_case: str) -> str:
        """Prefix of the artefact zone that takes captured requests and answers, as in `hdb-resale/capture`."""
        return f"{Names.slug(use_case)}/capture"

    def release_stack(self) -> str:
        """CloudFormation name of the stack that deploys approved model versions."""
        return f"{self.prefix}-Release"

    def sign_off_policy(self, slug: str, consumer: str) -> str:
        """SSM parameter that holds the ARN of the policy by which a consumer signs a use case's versions off."""
        return self.parameter("release", slug, "sign-off", consumer)

    def release_queue(self) -> str:
        """Name of the queue of what the release function is told, as in `sandbox-dev-release`."""
        return self.resource("release")

    def live_model(self, use_case: str) -> str:
        """SSM parameter that holds the S3 URI of the model that an endpoint serves; absent while nothing is live."""
        return self.parameter("serving", self.slug(use_case), "live-model")

    def monitoring_pipeline(self, use_case: str) -> str:
        """SageMaker pipeline in which the drift engine looks at a served model, as in `sandbox-dev-monitor-hdb-resale`."""
        return self.resource("monitor", use_case)

    def quality_schedule(self, use_case: str) -> str:
        """Schedule of SageMaker Model Monitor, as in `sandbox-dev-quality-hdb-resale`; 63 characters at most."""
        return self.resource("quality", use_case)

    QUALITY_REPORTS: ClassVar = "monitoring/model-monitor"
    """Folder of a use case in the artefact zone that SageMaker Model Monitor writes its reports to."""

    def feedback_policy(self, use_case: str) -> str:
        """SSM parameter that holds the ARN of the policy by which an application hands in feedback on a use case."""
        return self.parameter("monitoring", self.slug(use_case), "feedback-policy")

    def drift_alarm(self, use_case: str) -> str:
        """Alarm that stands for sustained drift, and asks for retraining."""
        return self.resource(use_case, "drift")

    def feed_alarm(self, use_case: str) -> str:
        """Alarm that stands for data which cannot be trusted, and blocks retraining."""
        return self.resource(use_case, "feed")

    def retraining_queue(self) -> str:
        """Name of the queue by which schedules, drift and people ask for retraining, as in `sandbox-dev-retraining`."""
        return self.resource("retraining")

    def sink_arn(self) -> str:
        """SSM parameter that holds the ARN by which other accounts show their figures to this one."""
        return self.parameter("observability", "sink-arn")

    def grafana(self, what: str) -> str:
        """SSM parameter about the workspace of Grafana: `workspace-id`, `url` or `sources`."""
        return self.parameter("grafana", what)

    def prometheus(self, what: str) -> str:
        """SSM parameter about the Prometheus workspace: `workspace-id`, `workspace-arn` or `url`."""
        return self.parameter("telemetry", "prometheus", what)

    def guardrail_id(self) -> str:
        """SSM parameter that holds the identifier of the Bedrock guardrail."""
        return self.parameter("ai", "guardrail-id")

    def warehouse(self) -> str:
        """Name of the warehouse's namespace and workgroup."""
        return self.resource("warehouse")

    def vector_store(self, what: str) -> str:
        """SSM parameter about the vector store: `kind`, `read-policy`, `write-policy`, or where it is found."""
        return self.parameter("data", "vector-store", what)

    def endpoint_dashboard(self, use_case: str) -> str:
        """CloudWatch dashboard name of a use case's endpoint, as in `sandbox-dev-hdb-resale-endpoint`."""
        return self.resource(use_case, "endpoint")

    def stack_dashboard(self, part: str) -> str:
        """CloudWatch dashboard name of a part of the environment, as in `sandbox-dev-network-page`."""
        return self.resource(part, "page")

    def dashboard(self) -> str:
        """CloudWatch dashboard name of the environment."""
        return self.resource("overview")
