"""Delivers samples by remote write; what comes twice, late or out of order does no harm.

Counters are cumulative, so that of a sample that is too old nothing is lost: the newer one, which is there already, contains
it. A store refuses such samples with 400, and Prometheus with it the whole request. So a refused request is sent once more,
line by line; a line that is refused again was there before, or is older than what is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

from govml.telemetry.forwarder.remote_write import HEADERS, body
from govml.telemetry.forwarder.samples import Sample

#: A request of AMP holds 1 MB (AMP user guide, "Service quotas"); a sample with its labels takes some 350 bytes.
MOST_SAMPLES: Final = 2_000
_TIMEOUT_SECONDS: Final = 20
Post = Callable[[bytes], tuple[int, str]]


class NotDelivered(Exception):
    """The store cannot take anything now, or not from us: to be tried again, and to be looked at if it goes on."""


@dataclass(frozen=True)
class Delivered:
    """What became of the lines.

    Args:
        samples: how many samples the store took.
        refused: how many lines it had already, or newer ones.
    """

    samples: int
    refused: int


def deliver(lines: Sequence[Sequence[Sample]], post: Post) -> Delivered:
    """Send lines of samples, the oldest first.

    Args:
        lines: samples of one line each.
        post: sends one body; returns status and text of the answer.

    Raises:
        NotDelivered: the store did not take them, for a reason that is not in them.
    """
    taken = refused = 0
    ordered = sorted((line for line in lines if line), key=lambda line: max(each.milliseconds for each in line))
    for batch in _batches(ordered):
        if _sent(batch, post):
            taken += sum(map(len, batch))
            continue
        for line in batch:
            if len(batch) > 1 and _sent([line], post):
                taken += len(line)
            else:
                refused += 1
    return Delivered(taken, refused)


def _batches(lines: Sequence[Sequence[Sample]]) -> Iterator[list[Sequence[Sample]]]:
    batch: list[Sequence[Sample]] = []
    size = 0
    for line in lines:
        if batch and size + len(line) > MOST_SAMPLES:
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line)
    if batch:
        yield batch


def _sent(batch: Sequence[Sequence[Sample]], post: Post) -> bool:
    status, text = post(body(sample for line in batch for sample in line))
    if status == HTTPStatus.BAD_REQUEST:
        return False
    if not 200 <= status < 300:
        raise NotDelivered(f"remote write was answered with {status}: {text[:300]}")
    return True


def poster(url: str, *, session: Any = None, region: str = "") -> Post:
    """Return what sends a body to a remote-write address.

    Args:
        url: the address.
        session: botocore session whose credentials sign the request (service `aps`); None: it is not signed.
        region: region that the request is signed for.
    """
    http = URLLib3Session(timeout=_TIMEOUT_SECONDS)

    def post(content: bytes) -> tuple[int, str]:
        request = AWSRequest("POST", url, data=content, headers=dict(HEADERS))
        if session is not None:
            SigV4Auth(session.get_credentials(), "aps", region).add_auth(request)
        try:
            answer = http.send(request.prepare())
        except Exception as error:  # whatever the library raises, the store is out of reach
            raise NotDelivered(f"{url} does not answer: {error}") from error
        return answer.status_code, answer.text

    return post
