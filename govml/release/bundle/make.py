"""`make_bundle`: the page of a version, read from the account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from botocore.exceptions import ClientError

from govml.release.bundle.page import Subject, page
from govml.release.bundle.version import Version, read_version
from govml.release.entry import Entry


def make_bundle(
    sagemaker: Any,
    s3: Any,
    *,
    package_arn: str,
    use_case: str,
    environment: str,
    entries: Sequence[Entry] = (),
    consumers: Sequence[str] = (),
) -> str:
    """Return the approval bundle of a model package: one HTML page.

    Args:
        sagemaker: boto3's client of SageMaker.
        s3: boto3's client of S3.
        package_arn: ARN of the package, `...:model-package/<group>/<version>`.
        use_case: name of the use case.
        environment: `dev`, `uat` or `prod`.
        entries: the ledger of the use case, oldest first: it tells which version is live, and what was decided.
        consumers: roles that must sign off.

    Raises:
        ClientError: there is no such package, or the account refuses.
    """
    number = int(package_arn.rsplit("/", 1)[-1])
    live = live_version(entries, besides=number)
    champion: Version | None = None
    if live:
        try:
            champion = read_version(sagemaker, s3, f"{package_arn.rsplit('/', 1)[0]}/{live}")
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("ValidationException", "ResourceNotFound"):
                raise  # the champion's package is gone: the page then says that there is nothing to compare with
    return page(
        Subject(
            use_case=use_case,
            environment=environment,
            new=read_version(sagemaker, s3, package_arn),
            champion=champion,
            told=[entry for entry in entries if entry.version == number],
            consumers=consumers,
        )
    )


def live_version(entries: Sequence[Entry], *, besides: int = 0) -> int:
    """Return the version that the ledger says is live; 0 for none.

    The last `deployed` tells; a service that was ended has none.

    Args:
        entries: the ledger, oldest first.
        besides: a version that is not meant: where it is live itself, the one before it is told.
    """
    live = 0
    for entry in entries:
        if entry.action == "deployed" and entry.version != besides:
            live = entry.version
    return live
