"""The model package of a promoted model: the source's, with what it refers to now standing in the target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from govml.release.artifacts import BASELINE
from govml.release.bundle.cards import package_card
from govml.release.events import SIGN_OFF
from govml.release.promotion.place import Place

#: Where a promoted package keeps its digest and its origin (`CustomerMetadataProperties`).
DIGEST, ORIGIN = "ModelDigest", "PromotedFrom"
_REPORTS: Final = {"ModelQuality": ("Statistics",), "Bias": ("Report",), "Explainability": ("Report",)}
_KEPT: Final = ("Domain", "Task", "ModelPackageDescription")


def registered(target: Place, digest: str) -> str | None:
    """Return the ARN of the target's package of a promoted digest, or None."""
    pages = target.sagemaker.get_paginator("list_model_packages").paginate(ModelPackageGroupName=target.group_name)
    for page in pages:
        for item in page["ModelPackageSummaryList"]:
            package = target.sagemaker.describe_model_package(ModelPackageName=item["ModelPackageArn"])
            notes = package.get("CustomerMetadataProperties") or {}
            if notes.get(DIGEST) == digest and notes.get(ORIGIN):
                return str(item["ModelPackageArn"])
    return None


def request(
    package: Mapping[str, Any], *, target: Place, digest: str, image: str, reports: str, card: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return the request of `CreateModelPackage`: pending, whoever approved it in the source.

    Args:
        package: `DescribeModelPackage` of the source's package.
        target: where it is registered.
        digest: SHA-256 of the model archive, hexadecimal.
        image: container image by its digest.
        reports: S3 URI of the folder of its reports in the target, without a slash at the end.
        card: the model's card, or None.
    """
    specification = package["InferenceSpecification"]
    container = {
        "Image": image,
        "ModelDataUrl": f"s3://{target.artifacts}/{target.released(digest)}model.tar.gz",
        **{key: value for key, value in specification["Containers"][0].items() if key in ("Environment", "Framework")},
    }
    said = package.get("CustomerMetadataProperties") or {}
    # Decisions were taken about the source's package; this one waits for its own.
    notes = {name: value for name, value in said.items() if name != "ApprovedBy" and not name.startswith(SIGN_OFF)}
    moved = {"Assessment": reports, "ValidationReport": f"{reports}/validation.json"}
    moved |= {"KnownAnswers": f"{reports}/known_answers.json"}
    moved |= {"DriftBaseline": f"{reports.removesuffix('/reports')}/{BASELINE}"}  # beside the archive
    notes |= {name: uri for name, uri in moved.items() if name in notes}
    made: dict[str, Any] = {
        "ModelPackageGroupName": target.group_name,
        "ModelApprovalStatus": "PendingManualApproval",
        "InferenceSpecification": {**specification, "Containers": [container]},
        "CustomerMetadataProperties": {**notes, DIGEST: digest, ORIGIN: str(package["ModelPackageArn"])},
        # The same promotion registers the same package, even when its first answer was lost; 36 characters at most.
        "ClientToken": f"promote-{digest[:28]}",
        **{key: package[key] for key in _KEPT if package.get(key)},
    }
    metrics = _metrics(package.get("ModelMetrics") or {}, reports)
    if metrics:
        made["ModelMetrics"] = metrics
    if card:
        made["ModelCard"] = package_card(card)
    return made


def _metrics(metrics: Mapping[str, Any], reports: str) -> dict[str, Any]:
    """Return the package's references to its reports, as they stand in the target."""
    moved: dict[str, Any] = {}
    for name, parts in _REPORTS.items():
        for part in parts:
            source = (metrics.get(name) or {}).get(part)
            if source:
                file = str(source["S3Uri"]).rsplit("/", 1)[-1]
                moved[name] = {part: {"ContentType": source["ContentType"], "S3Uri": f"{reports}/{file}"}}
    return moved
