"""The right of AWS's log delivery to write into log groups."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_logs as logs
from constructs import Construct

from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.place import place_of, pseudo_parameters


def allow_delivery(
    scope: Construct, *, name: str, what: str, groups: Sequence[EncryptedLogGroup]
) -> logs.CfnResourcePolicy:
    """Let log delivery write into the groups, on behalf of this account only.

    Without it, AWS would add a policy of its own at the first delivery (CloudWatch Logs user guide, "Logs sent to
    CloudWatch Logs").

    Args:
        scope: the construct that gets the policy.
        name: its name, one of at most ten in an account and region.
        what: whose logs they are, as in `Firewall`.
        groups: the log groups.
    """
    place = place_of(scope)
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": f"Write{what}Logs",
                "Effect": "Allow",
                "Principal": {"Service": "delivery.logs.amazonaws.com"},
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": [group.log_group_arn for group in groups],
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": pseudo_parameters()[2]},
                    "ArnLike": {"aws:SourceArn": place.arn("logs", "*")},
                },
            }
        ],
    }
    return logs.CfnResourcePolicy(
        scope, "LogAccess", policy_name=name, policy_document=Stack.of(scope).to_json_string(document)
    )
