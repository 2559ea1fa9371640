"""Environments in memory, each in its own account: buckets, a registry group, a ledger, and a released model."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import boto3

from govml.release.entry import Evidence
from govml.release.promotion.place import Place
from govml.release.verdict import verdict

REGION = "ap-southeast-1"
SLUG = "hdb-resale"
ACCOUNTS = {"dev": "111122223333", "uat": "222233334444", "prod": "333344445555"}
IMAGE = f"111122223333.dkr.ecr.{REGION}.amazonaws.com/agency-dev-jobs@sha256:{'5' * 64}"
MODEL = b"a model archive"
DIGEST = hashlib.sha256(MODEL).hexdigest()
_SESSION = boto3.Session(region_name=REGION)  # one, so that the services' models are read once
REPORTS = ("evaluation.json", "validation.json", "known_answers.json", "assessment.json", "fairness.json")


def client(service: str, account: str) -> Any:
    """Return a client of moto with credentials of an account, as a role there would have them."""
    role = _SESSION.client("sts").assume_role(RoleArn=f"arn:aws:iam::{account}:role/test", RoleSessionName="test")[
        "Credentials"
    ]
    return _SESSION.client(
        service,
        aws_access_key_id=role["AccessKeyId"],
        aws_secret_access_key=role["SecretAccessKey"],
        aws_session_token=role["SessionToken"],
    )


def place(environment: str) -> Place:
    """Make an environment; call it within `mock_aws`."""
    account = ACCOUNTS[environment]
    s3, sagemaker = client("s3", account), client("sagemaker", account)
    group = f"agency-{environment}-{SLUG}"
    for name in (f"artifacts-{environment}", f"evidence-{environment}"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    sagemaker.create_model_package_group(ModelPackageGroupName=group)
    return Place(
        environment=environment,
        slug=SLUG,
        s3=s3,
        sagemaker=sagemaker,
        artifacts=f"artifacts-{environment}",
        evidence=f"evidence-{environment}",
        group=f"arn:aws:sagemaker:{REGION}:{account}:model-package-group/{group}",
    )


def register(where: Place, *, model: bytes = MODEL, notes: dict[str, str] | None = None) -> int:
    """Register a version as the training pipeline does, its reports beside its archive; return its number."""
    digest = hashlib.sha256(model).hexdigest()
    prefix = where.released(digest)
    uri = f"s3://{where.artifacts}/{prefix}"
    where.s3.put_object(Bucket=where.artifacts, Key=f"{prefix}model.tar.gz", Body=model)
    for name in REPORTS:
        where.s3.put_object(
            Bucket=where.artifacts, Key=f"{prefix}reports/{name}", Body=json.dumps({"file": name}).encode()
        )
    arn = where.sagemaker.create_model_package(
        ModelPackageGroupName=where.group_name,
        ModelApprovalStatus="PendingManualApproval",
        InferenceSpecification={
            "Containers": [{"Image": IMAGE, "ModelDataUrl": f"{uri}model.tar.gz"}],
            "SupportedContentTypes": ["application/json"],
            "SupportedResponseMIMETypes": ["application/json"],
        },
        ModelMetrics={
            "ModelQuality": {
                "Statistics": {"ContentType": "application/json", "S3Uri": f"{uri}reports/evaluation.json"}
            },
            "Bias": {"Report": {"ContentType": "application/json", "S3Uri": f"{uri}reports/fairness.json"}},
        },
        CustomerMetadataProperties={
            "UseCase": "hdb_resale",
            "Assessment": f"{uri}reports",
            "ValidationReport": f"{uri}reports/validation.json",
            "KnownAnswers": f"{uri}reports/known_answers.json",
            "DriftBaseline": f"{uri}baseline",
            "ApprovedBy": "someone",
            "signed-off.Valuers": "yes",
            **(notes or {}),
        },
    )["ModelPackageArn"]
    return int(arn.rsplit("/", 1)[-1])


def tell(where: Place, action: Any, version: int, *, why: str = "", digest: str = DIGEST) -> None:
    """Write an entry into an environment's ledger, with a report of checks as evidence where it was tested.

    `failed checks` is `tested` with the verdict that it failed.
    """
    evidence: list[Evidence] = []
    if action in ("tested", "failed checks"):
        body = json.dumps({"verdict": why}).encode()
        key = f"checks/{where.slug}/{digest}/{len(where.ledger().entries())}.json"
        where.s3.put_object(Bucket=where.evidence, Key=key, Body=body)
        evidence = [
            Evidence(f"s3://{where.evidence}/{key}", hashlib.sha256(body).hexdigest()),
            verdict(action == "tested"),
        ]
    where.ledger().append(
        "tested" if action == "failed checks" else action,
        environment=where.environment,
        version=version,
        model_digest=digest,
        image=IMAGE,
        who="release",
        why=why,
        evidence=evidence,
    )
