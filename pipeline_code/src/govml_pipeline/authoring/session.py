"""A SageMaker pipeline session that provably makes no network call and needs no credentials.

The SDK looks up the account, the bucket and the role, validates the role, uploads code and sends usage data while a
definition is being written. All of it is answered here; whatever else tries to leave raises `NetworkCallError`.
"""

from __future__ import annotations

from typing import Any

import boto3
import botocore.session
from sagemaker.core.workflow.pipeline_context import PipelineSession


class NetworkCallError(RuntimeError):
    """Authoring tried to reach the network."""


def offline_boto_session(region: str) -> boto3.Session:
    """Return a boto3 session with made-up credentials whose every request raises `NetworkCallError`."""
    core = botocore.session.Session()
    core.set_credentials("offline", "offline")
    session = boto3.Session(botocore_session=core, region_name=region)

    def refuse(request: Any, **_: Any) -> None:
        raise NetworkCallError(f"a network call was attempted while authoring: {request.method} {request.url}")

    session.events.register("before-send", refuse)
    return session


class OfflineSession(PipelineSession):
    """Pipeline session of authoring: made-up account and bucket, uploads refused."""

    def __init__(self, *, region: str = "ap-southeast-1", account: str = "000000000000") -> None:
        self._offline_account = account
        # An empty sagemaker_config: a filled one is validated against a JSON schema at every look-up.
        super().__init__(
            boto_session=offline_boto_session(region), default_bucket="offline-bucket", sagemaker_config={}
        )

    def account_id(self) -> str:
        """Return the made-up account (the real call asks STS)."""
        return self._offline_account

    def default_bucket(self) -> str:
        """Return a made-up bucket (the real call creates one)."""
        return "offline-bucket"

    def expand_role(self, role: str) -> str:
        """Return the role unchanged: a placeholder is no ARN, and the real call asks IAM."""
        return role

    def upload_data(self, path: str, *_: Any, **__: Any) -> str:
        """Refuse: code reaches the jobs as one archive that the deployment uploads."""
        raise NetworkCallError(f"authoring tried to upload {path}")

    def upload_string_as_file_body(self, body: str, bucket: str, key: str, **_: Any) -> str:
        """Refuse, for the same reason as `upload_data`."""
        raise NetworkCallError(f"authoring tried to upload {len(body)} characters to s3://{bucket}/{key}")
