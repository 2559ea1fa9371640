"""Model packages of the local registry: list, approve, find the one to serve."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from govml.errors import UserError
from govml.execution.account import Account, error_text, reachable

APPROVED = "Approved"


@dataclass(frozen=True)
class ModelPackage:
    """One version in a model package group."""

    arn: str
    version: int
    approval: str
    created: str
    metadata: Mapping[str, str]
    model_data: str


class Registry:
    """The versions of one model package group.

    Args:
        account: the local account.
        group: the group's name.
        client: returns boto3's clients of who acts; by default whoever owns the account.
    """

    def __init__(self, account: Account, group: str, *, client: Callable[[str], Any] | None = None) -> None:
        self._sagemaker = (client or account.client)("sagemaker")
        self._group = group

    def packages(self) -> list[ModelPackage]:
        """Return all versions, the latest first.

        Raises:
            UserError: there is no such group in the account.
        """
        with reachable():
            try:
                self._sagemaker.describe_model_package_group(ModelPackageGroupName=self._group)
                pages = self._sagemaker.get_paginator("list_model_packages").paginate(ModelPackageGroupName=self._group)
                arns = [item["ModelPackageArn"] for page in pages for item in page["ModelPackageSummaryList"]]
                found = [_package(self._sagemaker.describe_model_package(ModelPackageName=arn)) for arn in arns]
            except ClientError as error:
                raise UserError(
                    f"the model package group {self._group} cannot be read: {error_text(error)}",
                    hint="deploy the stacks first: `govml local deploy`",
                ) from error
        return sorted(found, key=lambda package: package.version, reverse=True)

    def version(self, number: int) -> ModelPackage:
        """Return one version.

        Raises:
            UserError: there is no such version.
        """
        packages = self.packages()
        for package in packages:
            if package.version == number:
                return package
        known = ", ".join(str(package.version) for package in packages) or "none"
        raise UserError(f"{self._group} has no version {number}", hint=f"it has {known}")

    def approved(self, number: int | None = None) -> ModelPackage:
        """Return an approved version: the given one, or else the latest.

        Raises:
            UserError: it is not approved, or no version is.
        """
        if number is not None:
            package = self.version(number)
            if package.approval != APPROVED:
                raise UserError(f"version {number} of {self._group} is {package.approval}, not {APPROVED}")
            return package
        for package in self.packages():
            if package.approval == APPROVED:
                return package
        raise UserError(
            f"{self._group} has no approved model",
            hint="see `govml model list USE_CASE`, then `govml model approve USE_CASE VERSION --by NAME`",
        )

    def approve(self, number: int, *, by: str) -> ModelPackage:
        """Approve a version, and note who did it in its description and metadata.

        Raises:
            UserError: there is no such version, or the registry refuses.
        """
        package = self.version(number)
        try:
            self._sagemaker.update_model_package(
                ModelPackageArn=package.arn,
                ModelApprovalStatus=APPROVED,
                ApprovalDescription=f"approved by {by}",
                # All of it, not only the addition: the request then means the same wherever properties are
                # merged (SageMaker) or replaced (local registry).
                CustomerMetadataProperties={**package.metadata, "ApprovedBy": by},
            )
        except ClientError as error:
            raise UserError(f"version {number} cannot be approved: {error_text(error)}") from error
        return self.version(number)


def _package(described: Mapping[str, Any]) -> ModelPackage:
    containers = described.get("InferenceSpecification", {}).get("Containers", [])
    arn = str(described["ModelPackageArn"])
    created = described.get("CreationTime")
    return ModelPackage(
        arn=arn,
        version=int(described.get("ModelPackageVersion") or arn.rsplit("/", 1)[-1]),
        approval=str(described.get("ModelApprovalStatus", "")),
        created=created.isoformat(timespec="seconds") if created else "",
        metadata=described.get("CustomerMetadataProperties") or {},
        model_data=str(containers[0].get("ModelDataUrl", "")) if containers else "",
    )
