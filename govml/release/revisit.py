"""When messages that a look failed on are seen again: soon at first, then ever more rarely.

An approval counts by what its own message tells of the person, so a look by the clock cannot stand in for it. The queue
keeps a message that is being worked on hidden for six times the function's timeout; without this, one look that failed
would hold an approval up for all of that time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

_LOG = logging.getLogger(__name__)
FIRST_SECONDS, LONGEST_SECONDS = 15, 1800


def seconds_until(receives: int) -> int:
    """Return how long a message stays hidden after a look that failed, in seconds.

    Args:
        receives: how often it has been received, from 1.
    """
    return min(FIRST_SECONDS << min(receives - 1, 10), LONGEST_SECONDS)


def see_again(sqs: Any, queue_url: str, records: Iterable[Mapping[str, Any]]) -> None:
    """Let messages be seen again; where SQS refuses, they stay hidden as long as the queue says.

    Args:
        sqs: boto3's client.
        queue_url: the queue that they came from.
        records: the messages, as Lambda hands them over.
    """
    for record in records:
        wait = seconds_until(int(record["attributes"]["ApproximateReceiveCount"]))
        try:
            sqs.change_message_visibility(
                QueueUrl=queue_url, ReceiptHandle=record["receiptHandle"], VisibilityTimeout=wait
            )
        except Exception:  # noqa: BLE001 - it comes again later instead; the others are to be told apart all the same
            _LOG.exception("%s: seen again only when the queue's own time is over", record["messageId"])
