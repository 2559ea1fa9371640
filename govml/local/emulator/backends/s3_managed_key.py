"""A correction to MiniStack's S3: `aws:kms` without a key means the key that AWS manages, as the CDK CLI relies on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

Response = Any  # S3 also answers streams
Native = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], Awaitable[Response]]
_ALGORITHM = "x-amz-server-side-encryption"
_KEY = "x-amz-server-side-encryption-aws-kms-key-id"


def with_managed_key(native: Native) -> Native:
    """Name the managed key where a request names none; MiniStack would refuse the request."""

    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]
    ) -> Response:
        if headers.get(_ALGORITHM) == "aws:kms" and _KEY not in headers:
            headers = {**headers, _KEY: "alias/aws/s3"}
        return await native(method, path, headers, body, query_params)

    return handle
