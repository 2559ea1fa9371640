"""Keeps what a look has found in the evidence bucket: each look's findings a version of one object, locked as it is written.

One name a use case, so that the function may write exactly those: a version that is there can be neither changed nor deleted.
A look that judged nothing new leaves the findings of the one before, which are not kept twice.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

FINDINGS = ("findings.json", "report.html")
_TYPES = {"json": "application/json", "html": "text/html; charset=utf-8"}
_MISSING = ("NoSuchKey", "404", "NotFound")


def keep_findings(client: Callable[[str], Any], case: Mapping[str, Any], slug: str, evidence: str) -> list[str]:
    """Copy findings and page of the last look; return the names of those that were new.

    Args:
        client: returns boto3's client of a service.
        case: `data`: S3 URI of the use case's prefix in the artefact zone.
        slug: the use case.
        evidence: name of the evidence bucket.

    Raises:
        botocore.exceptions.ClientError: a service refuses.
    """
    s3 = client("s3")
    bucket, _, prefix = case["data"].removeprefix("s3://").partition("/")
    kept = []
    for name in FINDINGS:
        try:
            content = s3.get_object(Bucket=bucket, Key=f"{prefix}/monitoring/evidence/{name}")["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                continue  # no look has judged anything yet
            raise
        key = f"monitoring/{slug}/{name}"
        if _checksum(s3, evidence, key) != base64.b64encode(hashlib.sha256(content).digest()).decode():
            kind = _TYPES[name.rpartition(".")[2]]
            s3.put_object(Bucket=evidence, Key=key, Body=content, ContentType=kind, ChecksumAlgorithm="SHA256")
            kept.append(key)
    return kept


def _checksum(s3: Any, bucket: str, key: str) -> str | None:
    """Return the checksum of an object's newest version, in base64; None where there is none."""
    try:
        found = s3.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    except ClientError as error:
        # Without the right to list, S3 answers that it is forbidden to look for what is not there.
        if error.response["Error"]["Code"] in (*_MISSING, "403", "AccessDenied", "Forbidden"):
            return None
        raise
    checksum: str | None = found.get("ChecksumSHA256")
    return checksum
