"""What the release keeps of a version beside its archive: its reports, and as evidence its approval bundle."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from govml.release.bundle.make import live_version, make_bundle
from govml.release.bundle.reports import report_uris, split_uri
from govml.release.entry import Entry, Evidence
from govml.release.rules import UseCase

_LOG = logging.getLogger(__name__)
_PENDING = "PendingManualApproval"
_TAKEN = {"PreconditionFailed", "ConditionalRequestConflict"}
_ABSENT = {"NoSuchKey", "404", "NoSuchBucket"}


def keep_reports(s3: Any, package: Mapping[str, Any], case: UseCase, digest: str) -> None:
    """Copy the reports of a package to where its archive is released, so that they go with it to the next environment.

    What stands there is left: reports of one digest are written once. A report that is gone is left out, since a
    release does not fail for want of a page.

    Args:
        s3: boto3's client of S3.
        package: `DescribeModelPackage`.
        case: the use case.
        digest: SHA-256 of the archive, hexadecimal.

    Raises:
        ClientError: S3 refuses.
    """
    folder = case.released_key(digest).removesuffix("model.tar.gz")
    for name, uri in report_uris(package).items():
        bucket, key = split_uri(uri)
        target = f"{folder}reports/{name}.json"
        if not bucket or (bucket, key) == (case.artifacts, target):
            continue
        try:
            content = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] not in _ABSENT:
                raise
            _LOG.warning("%s: the report %s is gone", case.slug, uri)
            continue
        _put(s3, case.artifacts, target, content, "application/json")


def keep_bundles(
    client: Callable[[str], Any], case: UseCase, entries: Sequence[Entry], *, packages: Mapping[int, str], account: str
) -> list[Evidence]:
    """Make the approval bundle of each version that waits for a decision, and keep it as evidence.

    A bundle compares with the version that is live, so there is one for each pair of them.

    Args:
        client: returns boto3's client of a service, by its name.
        case: the use case.
        entries: the ledger, oldest first.
        packages: version -> state in the registry.
        account: 12-digit account.

    Returns:
        The bundles that were made now.

    Raises:
        ClientError: AWS refuses.
    """
    s3, live, kept = client("s3"), live_version(entries), []
    for version in sorted(number for number, state in packages.items() if state == _PENDING and number > live):
        key = bundle_key(case.slug, version, live)
        if _stands(s3, case.evidence, key):
            continue
        region = client("sagemaker").meta.region_name
        html = make_bundle(
            client("sagemaker"),
            s3,
            package_arn=f"arn:aws:sagemaker:{region}:{account}:model-package/{case.group}/{version}",
            use_case=case.slug,
            environment=case.environment,
            entries=entries,
            consumers=case.rules.consumers,
        ).encode()
        _put(s3, case.evidence, key, html, "text/html; charset=utf-8")
        kept.append(Evidence(f"s3://{case.evidence}/{key}", hashlib.sha256(html).hexdigest()))
    return kept


def bundle_key(slug: str, version: int, live: int) -> str:
    """Return the key of the bundle of a version against the one that is live (0 for none)."""
    return f"bundles/{slug}/{version:010d}-against-{live:010d}.html"


def _stands(s3: Any, bucket: str, key: str) -> bool:
    return any(item["Key"] == key for item in s3.list_objects_v2(Bucket=bucket, Prefix=key).get("Contents", ()))


def _put(s3: Any, bucket: str, key: str, content: bytes, kind: str) -> None:
    try:
        s3.put_object(
            Bucket=bucket, Key=key, Body=content, ContentType=kind, ChecksumAlgorithm="SHA256", IfNoneMatch="*"
        )
    except ClientError as error:
        if error.response["Error"]["Code"] not in _TAKEN:
            raise
