"""Setting: Amazon Bedrock logs every model invocation of this account and region to a log group.

The setting is one per account and region, so removing a stack leaves it: another stack may rely on it.
"""

from __future__ import annotations

from collections.abc import Mapping

import boto3


def physical_id(properties: Mapping[str, str]) -> str:  # noqa: ARG001 - one per account and region, whatever the properties
    """Return the identity of the setting; it is the same however it is configured."""
    return "bedrock-model-invocation-logging"


def apply(properties: Mapping[str, str]) -> None:
    """Turn logging on, to the log group named by the properties; idempotent.

    Text is delivered; images, video and embeddings are not, as log events hold 256 kB at most.
    """
    boto3.client("bedrock").put_model_invocation_logging_configuration(
        loggingConfig={
            "cloudWatchConfig": {"logGroupName": properties["LogGroupName"], "roleArn": properties["RoleArn"]},
            "textDataDeliveryEnabled": True,
            "imageDataDeliveryEnabled": False,
            "videoDataDeliveryEnabled": False,
            "embeddingDataDeliveryEnabled": False,
        }
    )


def remove(properties: Mapping[str, str]) -> None:
    """Leave logging on: silence is never the safe side of an audit trail."""
