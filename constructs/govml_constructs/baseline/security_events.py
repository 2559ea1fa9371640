"""`SecurityEvents`: alerts on threats that GuardDuty finds, on snapshots that fail, and on those that leave the account."""

from __future__ import annotations

from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from govml_constructs.monitoring.alarm_set import Owner
from govml_constructs.monitoring.event_alert import EventAlert
from govml_constructs.place import PlacedConstruct

# A snapshot is shared or copied by these calls (EC2 and RDS API references); EventBridge hears of them through CloudTrail,
# whose trail is central.
_SNAPSHOT_CALLS = {
    "ec2.amazonaws.com": ["CopySnapshot", "ModifySnapshotAttribute"],
    "rds.amazonaws.com": [
        "CopyDBClusterSnapshot",
        "CopyDBSnapshot",
        "ModifyDBClusterSnapshotAttribute",
        "ModifyDBSnapshotAttribute",
        "StartExportTask",
    ],
}


_OWNER: Owner = "platform engineer"
_RUNBOOK = "docs/operations/security-events.md"


class SecurityEvents(PlacedConstruct):
    """Four rules on the account's default bus, all telling the alert topic.

    Args:
        environment: what the alert says it is about, as in `sandbox-prod`.
        topic: where the alerts go.
        dead_letters: queue for alerts that could not be delivered.

    Controls: every GuardDuty finding is told (GCC policy-as-code GT1.2); every snapshot that fails is told (GT1.1); every
    copy or share of an EBS or RDS snapshot is told, with who did it.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, environment: str, topic: sns.ITopic, dead_letters: sqs.IQueue
    ) -> None:
        super().__init__(scope, construct_id)
        EventAlert(
            self,
            "Threat",
            description="GuardDuty has found a possible threat",
            pattern={"source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"]},
            message=f"{environment}: GuardDuty finding <type>, severity <severity>. Look at finding <id> in GuardDuty.",
            fields={
                "type": "$.detail.type",
                "severity": "$.detail.severity",
                "id": "$.detail.id",
            },
            topic=topic,
            dead_letters=dead_letters,
            severity="page",
            owner=_OWNER,
            runbook=_RUNBOOK,
        )
        EventAlert(
            self,
            "SnapshotCall",
            description="A snapshot was copied, shared or exported",
            pattern={
                "source": ["aws.ec2", "aws.rds"],
                "detail-type": ["AWS API Call via CloudTrail"],
                "detail": {
                    "eventSource": list(_SNAPSHOT_CALLS),
                    "eventName": [name for names in _SNAPSHOT_CALLS.values() for name in names],
                },
            },
            message=f"{environment}: <call> by <who>. Make sure that this snapshot may leave.",
            fields={"call": "$.detail.eventName", "who": "$.detail.userIdentity.arn"},
            topic=topic,
            dead_letters=dead_letters,
            severity="page",
            owner=_OWNER,
            runbook=_RUNBOOK,
        )
        EventAlert(
            self,
            "SnapshotFailed",
            description="EBS could not make a snapshot",
            pattern={
                "source": ["aws.ec2"],
                "detail-type": ["EBS Snapshot Notification"],
                "detail": {"event": ["createSnapshot"], "result": ["failed"]},
            },
            message=f"{environment}: EBS could not make snapshot <snapshot> of <volume>.",
            fields={"snapshot": "$.detail.snapshot_id", "volume": "$.detail.source"},
            topic=topic,
            dead_letters=dead_letters,
            severity="ticket",
            owner=_OWNER,
            runbook=_RUNBOOK,
        )
        EventAlert(
            self,
            "SnapshotNotice",
            # EBS user guide, "Amazon EventBridge events for Amazon EBS": copySnapshot and shareSnapshot
            description="EBS has copied a snapshot, or another account has shared one with this account",
            pattern={
                "source": ["aws.ec2"],
                "detail-type": ["EBS Snapshot Notification"],
                "detail": {"event": ["copySnapshot", "shareSnapshot"]},
            },
            message=f"{environment}: EBS <event> of <snapshot>: <result>.",
            fields={"event": "$.detail.event", "snapshot": "$.detail.snapshot_id", "result": "$.detail.result"},
            topic=topic,
            dead_letters=dead_letters,
            severity="page",
            owner=_OWNER,
            runbook=_RUNBOOK,
        )
