"""`Version`: one model package with its reports, as the bundle shows it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from govml.release.bundle.reports import report_uris, split_uri

SHOWN = (
    "assessment",
    "metadata",
    "evaluation",
    "fairness",
    "explanation",
    "robustness",
    "model_tests",
    "operational",
    "model_card",
    "ai_verify",
    "validation",
)
"""Reports that the bundle shows."""
# A report that is larger than this was not written by our pipeline; reading it would only fill the memory.
_MOST_BYTES = 20 * 1024**2


@dataclass(frozen=True)
class Version:
    """One model package.

    Args:
        number: its version.
        arn: its ARN.
        status: `Approved`, `Rejected` or `PendingManualApproval`.
        registered: when, ISO 8601; empty where the registry does not say.
        trained_by: who started its training, as far as SageMaker tells.
        image: container image.
        model_data: S3 URI of the archive.
        notes: its metadata, name -> text.
        reports: report -> content; what is not there, or is no JSON object, is left out.
    """

    number: int
    arn: str
    status: str = ""
    registered: str = ""
    trained_by: str = ""
    image: str = ""
    model_data: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    reports: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def at(self, report: str, *path: str) -> Any:
        """Return a value of a report by its keys; None where there is none."""
        value: Any = self.reports.get(report)
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    def part(self, report: str, *path: str) -> Mapping[str, Any]:
        """Return a mapping of a report by its keys; an empty one where there is none."""
        value = self.at(report, *path)
        return value if isinstance(value, Mapping) else {}

    def parts(self, report: str, *path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Give the mappings within a mapping of a report, with their names."""
        yield from ((name, each) for name, each in self.part(report, *path).items() if isinstance(each, Mapping))

    def listed(self, report: str, *path: str) -> list[Mapping[str, Any]]:
        """Return the mappings of a list of a report."""
        return mappings(self.at(report, *path))

    @property
    def model_version(self) -> str:
        """Version of the model, the first 16 digits of its digest; empty where no report says."""
        return str(self.at("metadata", "model_version") or self.at("evaluation", "model_version") or "")

    @property
    def missing(self) -> list[str]:
        """Reports that should be there and are not."""
        return [name for name in SHOWN if name not in self.reports]


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """Return the mappings of a list; none where it is no list."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def read_version(sagemaker: Any, s3: Any, arn: str) -> Version:
    """Read a package and its reports.

    Args:
        sagemaker: boto3's client of SageMaker.
        s3: boto3's client of S3.
        arn: ARN of the package.

    Raises:
        ClientError: there is no such package, or the account refuses.
    """
    package = sagemaker.describe_model_package(ModelPackageName=arn)
    containers = (package.get("InferenceSpecification") or {}).get("Containers") or [{}]
    created = package.get("CreationTime")
    notes = {str(name): str(value) for name, value in (package.get("CustomerMetadataProperties") or {}).items()}
    reports = {name: _read(s3, uri) for name, uri in report_uris(package).items() if name in SHOWN}
    return Version(
        number=int(package.get("ModelPackageVersion") or arn.rsplit("/", 1)[-1]),
        arn=arn,
        status=str(package.get("ModelApprovalStatus", "")),
        registered=created.isoformat(timespec="seconds") if isinstance(created, datetime) else "",
        trained_by=_trained_by(sagemaker, package, notes),
        image=str(containers[0].get("Image", "")),
        model_data=str(containers[0].get("ModelDataUrl", "")),
        notes=notes,
        reports={name: content for name, content in reports.items() if content is not None},
    )


def _read(s3: Any, uri: str) -> Mapping[str, Any] | None:
    """Return a report's content, or None: a report that cannot be shown is a finding, not a reason to show nothing."""
    bucket, key = split_uri(uri)
    if not bucket:
        return None
    try:
        answer = s3.get_object(Bucket=bucket, Key=key)
        content = json.loads(answer["Body"].read()) if answer["ContentLength"] <= _MOST_BYTES else None
    except (ClientError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _trained_by(sagemaker: Any, package: Mapping[str, Any], notes: Mapping[str, str]) -> str:
    """Return who started the run that registered a package, or who registered it where it came from no run."""
    by = package.get("CreatedBy") or {}
    execution = notes.get("PipelineExecution", "")
    if execution:
        try:
            by = sagemaker.describe_pipeline_execution(PipelineExecutionArn=execution).get("CreatedBy") or by
        except ClientError:
            by = {}  # of another account, or long gone
    return str(by.get("UserProfileName") or (by.get("IamIdentity") or {}).get("Arn") or "")
