"""Which captured and said files a look needs, as a manifest: those from a day on, found by name, never read.

What is captured grows for as long as it is kept; what a look needs does not. The drift engine leaves the day from which its
next look needs rows (`next.json`). Folders are named by time (`yyyy/mm/dd/hh`), so S3 itself passes over what is older:
listing begins after the name of that day.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from botocore.exceptions import ClientError


def first_day(s3: Any, bucket: str, key: str) -> date | None:
    """Return the day from which files are needed; None: all of them are, since nobody has said which.

    A day earlier than the engine says: folders are by UTC, its windows by Singapore's clock.

    Args:
        s3: S3 client.
        bucket: bucket of the file.
        key: key of `next.json`, which a job wrote: what is no day in it counts as unknown.

    Raises:
        botocore.exceptions.ClientError: the file cannot be read, though it may be there.
    """
    try:
        content = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
            return None
        raise
    try:
        return date.fromisoformat(json.loads(content)["since"]) - timedelta(days=1)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def needed_names(s3: Any, bucket: str, prefix: str, since: date | None, *, folders: bool) -> list[str]:
    """Return the names below a prefix, relative to it, in order.

    Args:
        s3: S3 client.
        bucket: the bucket.
        prefix: ends in a slash.
        since: first day that is needed; None: every day.
        folders: the days stand below one more folder, the variant's of an endpoint.
    """
    parts = _folders(s3, bucket, prefix) if folders else [prefix]
    found = []
    for part in parts:
        after = f"{part}{since:%Y/%m/%d}" if since else part
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=part, StartAfter=after)
        found += [each["Key"] for page in pages for each in page.get("Contents", ())]
    return [key.removeprefix(prefix) for key in found if not key.endswith("/")]


def _folders(s3: Any, bucket: str, prefix: str) -> list[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, Delimiter="/")
    return [each["Prefix"] for page in pages for each in page.get("CommonPrefixes", ())]


def write_manifest(s3: Any, bucket: str, key: str, prefix: str, names: list[str]) -> str:
    """Write SageMaker's `ManifestFile` of some names below a prefix; return its URI.

    Source: SageMaker API reference, "S3DataSource".
    """
    content = json.dumps([{"prefix": f"s3://{bucket}/{prefix}"}, *names], separators=(",", ":")).encode()
    s3.put_object(Bucket=bucket, Key=key, Body=content, ContentType="application/json", ChecksumAlgorithm="SHA256")
    return f"s3://{bucket}/{key}"
