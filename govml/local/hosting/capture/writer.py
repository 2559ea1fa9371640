"""Collects captures and writes them to S3 as files of many lines, beside the requests."""

from __future__ import annotations

import datetime
import threading
import uuid
from collections.abc import Callable
from typing import Any

from govml.local.hosting.capture.record import Capture, folder, line

# More than this is thrown away rather than kept in memory, as SageMaker does when the disk fills.
_MOST_BYTES = 64 * 1024 * 1024


class CaptureWriter:
    """Takes captures from the request threads; `flush` writes them.

    Args:
        s3: boto3 client.
        tell: takes a line for the terminal when S3 refuses a file.
    """

    def __init__(self, s3: Any, tell: Callable[[str], None]) -> None:
        self._s3 = s3
        self._tell = tell
        self._lock = threading.Lock()
        self._lines: dict[tuple[str, str], list[bytes]] = {}
        self._bytes = 0

    def put(self, capture: Capture) -> None:
        """Keep one capture for the next file."""
        text, key = line(capture), (folder(capture), str(capture.config.get("KmsKeyId") or ""))
        with self._lock:
            if self._bytes + len(text) > _MOST_BYTES:
                return
            self._lines.setdefault(key, []).append(text)
            self._bytes += len(text)

    def flush(self) -> None:
        """Write what has been collected: one file for each variant and hour."""
        with self._lock:
            collected, self._lines, self._bytes = self._lines, {}, 0
        for (place, kms_key), lines in collected.items():
            bucket, _, prefix = place.removeprefix("s3://").partition("/")
            now = datetime.datetime.now(datetime.UTC)
            name = f"{now:%M-%S}-{now.microsecond // 1000:03d}-{uuid.uuid4()}.jsonl"
            encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key} if kms_key else {}
            try:
                self._s3.put_object(Bucket=bucket, Key=prefix + name, Body=b"".join(lines), **encryption)
            except Exception as error:  # noqa: BLE001 - captures are lost, as on AWS when S3 refuses; requests go on
                self._tell(f"captured data cannot be written to {place}: {error}")
