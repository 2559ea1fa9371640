"""A bucket of evidence in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

EVIDENCE = "evidence-of-the-agency"


@pytest.fixture
def s3() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3", region_name="ap-southeast-1")
        client.create_bucket(
            Bucket=EVIDENCE,
            CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"},
            ObjectLockEnabledForBucket=True,
        )
        client.put_object_lock_configuration(
            Bucket=EVIDENCE,
            ObjectLockConfiguration={
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 400}},
            },
        )
        yield client
