"""SageMaker's own card of a model package (`ModelCard`), made of the report `model_card` that the assessment has left.

A step of a training pipeline cannot give it: the card would be one text read from a property file, with no limit documented,
and a registration must not fail for its card. So the release attaches it as soon as it hears of the version.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from govml.release.bundle.reports import report_uris, split_uri
from govml.release.transient import error_code, error_text

_LOG = logging.getLogger(__name__)
_PENDING = "PendingManualApproval"
_REFUSED = {"ValidationException", "ConflictException"}
#: SageMaker API reference, `ModelPackageModelCard`.
LONGEST = 100_000


def package_card(card: Mapping[str, Any]) -> dict[str, str]:
    """Return the card of a package, a draft: of the overview it takes its creator alone.

    Source: SageMaker developer guide, "Model package model card schema".

    Args:
        card: the assessment's `model_card.json`, in the schema of a model's card.
    """
    overview = card.get("model_overview")
    owner = overview.get("model_owner", "") if isinstance(overview, Mapping) else ""
    content = {**card, "model_overview": {"model_creator": str(owner)[:1024]}}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return {"ModelCardContent": text, "ModelCardStatus": "Draft"}


def give_cards(sagemaker: Any, s3: Any, *, packages: Mapping[int, str], group_arn: str, live: int) -> list[int]:
    """Give its card to each version that waits for a decision and has none.

    What is missing or refused is told to the log: no release fails for want of a card.

    Args:
        sagemaker: boto3's client of SageMaker.
        s3: boto3's client of S3.
        packages: version -> state in the registry.
        group_arn: ARN of their group.
        live: the version that is live; what is older than it is history.

    Returns:
        The versions that got one now.

    Raises:
        ClientError: AWS failed otherwise.
    """
    given = []
    for version in sorted(number for number, state in packages.items() if state == _PENDING and number > live):
        arn = f"{group_arn.replace(':model-package-group/', ':model-package/')}/{version}"
        package = sagemaker.describe_model_package(ModelPackageName=arn)
        if package.get("ModelCard") or package.get("ModelApprovalStatus") != _PENDING:
            continue
        card = _read(s3, report_uris(package).get("model_card", ""))
        if card is None:
            continue
        try:
            # With its state, since the release may change what waits and nothing else (`release_statements`).
            sagemaker.update_model_package(
                ModelPackageArn=arn, ModelApprovalStatus=_PENDING, ModelCard=package_card(card)
            )
        except ClientError as error:
            if error_code(error) not in _REFUSED:
                raise
            _LOG.warning("%s: the registry refuses its card: %s", arn, error_text(error))
        else:
            given.append(version)
    return given


def _read(s3: Any, uri: str) -> Mapping[str, Any] | None:
    bucket, key = split_uri(uri)
    if not bucket:
        return None
    try:
        answer = s3.get_object(Bucket=bucket, Key=key)
        # Numbers are shorter in the package than in the report, never ten times.
        card = json.loads(answer["Body"].read()) if answer["ContentLength"] <= 10 * LONGEST else None
    except (ClientError, ValueError) as error:
        _LOG.warning("the card %s cannot be read: %s", uri, error)
        return None
    if not isinstance(card, dict) or len(package_card(card)["ModelCardContent"]) > LONGEST:
        _LOG.warning("%s is no card of at most %s characters", uri, f"{LONGEST:,}")
        return None
    return card
