"""`AsyncResults`: where the answers of an asynchronous endpoint go, and who hears of them."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_kms as kms
from constructs import Construct

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.statements import use_topic_key
from govml_constructs.monitoring.alert_topic import AlertTopic
from govml_constructs.place import PlacedConstruct


class AsyncResults(PlacedConstruct):
    """Answers and failures in S3 under the zone's key, and an encrypted topic for each, to which applications subscribe.

    Args:
        data_uri: S3 URI of the use case's prefix of the artefact zone.
        key: key of that zone.
        messages_key: key of the topics.
        concurrency: requests that one instance works on at the same time.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        data_uri: str,
        key: kms.IKey,
        messages_key: kms.IKey,
        concurrency: int,
    ) -> None:
        super().__init__(scope, construct_id)
        self._data_uri, self._key, self._messages_key, self._concurrency = data_uri, key, messages_key, concurrency
        self.success, self.error = (
            AlertTopic(self, name, key=messages_key, publishers=[], emails=[]).topic for name in ("Success", "Error")
        )

    def config(self) -> dict[str, Any]:
        """Return `AsyncInferenceConfig` of the endpoint configuration."""
        return {
            "ClientConfig": {"MaxConcurrentInvocationsPerInstance": self._concurrency},
            "OutputConfig": {
                "KmsKeyId": self._key.key_arn,
                "S3OutputPath": f"{self._data_uri}/answers/",
                "S3FailurePath": f"{self._data_uri}/failures/",
                "NotificationConfig": {
                    "SuccessTopic": self.success.topic_arn,
                    "ErrorTopic": self.error.topic_arn,
                },
            },
        }

    def statements(self) -> list[Statement]:
        """Return what the endpoint's role needs to tell the topics."""
        topics = [self.success.topic_arn, self.error.topic_arn]
        return [
            Statement(sid="TellOfAnswers", actions=["sns:Publish"], resources=topics),
            use_topic_key(self._messages_key.key_arn),
        ]
