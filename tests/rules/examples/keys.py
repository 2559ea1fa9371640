"""Examples of the rules on keys."""

from __future__ import annotations

from example import REMOVED, Example, change
from pieces import ACCOUNT, KEPT, OWNER, allow, policy, resource

_LOGS = allow(
    Sid="Logs",
    Principal={"Service": {"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"}},
    Action=["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource="*",
    Condition={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": {"Fn::Sub": "arn:${AWS::Partition}:logs:*:*:*"}}},
)
_KEY = {
    "Key": resource("AWS::KMS::Key", {"EnableKeyRotation": True, "KeyPolicy": policy(OWNER, _LOGS)}, **KEPT),
}
_BACKUP = allow(
    Principal={"Service": "backup.amazonaws.com"},
    Action="kms:Decrypt",
    Resource="*",
    Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}},
)
_ALARMS = {"Service": "cloudwatch.amazonaws.com"}
_ROLE = {"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}
_SET = "Key.Properties."
_STATEMENT = f"{_SET}KeyPolicy.Statement"
_APART = change(
    _KEY,
    _STATEMENT,
    [
        {**OWNER, "Action": ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"]},
        {**OWNER, "Action": "kms:Decrypt", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:role/jobs-*"}}},
    ],
)

EXAMPLES = {
    "GovML-KeyRotation": Example(
        passing=change(change(_KEY, f"{_SET}EnableKeyRotation", "true"), f"{_SET}RotationPeriodInDays", 180),
        failing=[
            change(_KEY, f"{_SET}EnableKeyRotation", REMOVED),
            change(_KEY, f"{_SET}EnableKeyRotation", False),
            change(_KEY, f"{_SET}EnableKeyRotation", "false"),
            change(_KEY, f"{_SET}EnableKeyRotation", {"Fn::If": ["Prod", True, False]}),
            change(_KEY, f"{_SET}RotationPeriodInDays", 2560),
        ],
    ),
    "GovML-KeyInService": Example(
        passing=change(_KEY, f"{_SET}PendingWindowInDays", 14),
        failing=[
            change(_KEY, f"{_SET}Enabled", False),
            change(_KEY, f"{_SET}BypassPolicyLockoutSafetyCheck", True),
            change(_KEY, f"{_SET}PendingWindowInDays", 1),
            change(_KEY, f"{_SET}MultiRegion", True),
            {"Copy": resource("AWS::KMS::ReplicaKey", {"KeyPolicy": policy(OWNER), "PrimaryKeyArn": {"Ref": "Arn"}})},
        ],
    ),
    "GovML-KeyPolicy": Example(
        passing=change(
            _KEY,
            _STATEMENT,
            [
                OWNER,
                allow(
                    Principal="*",
                    Action="kms:Decrypt",
                    Resource="*",
                    Condition={"StringEquals": {"kms:CallerAccount": ACCOUNT}},
                ),
            ],
        ),
        failing=[
            change(_KEY, f"{_STATEMENT}.1.Action", "kms:*"),
            change(
                _KEY,
                f"{_STATEMENT}.1",
                allow(Principal={"AWS": {"Fn::GetAtt": ["Role", "Arn"]}}, Action="kms:*", Resource="*"),
            ),
            change(_KEY, f"{_STATEMENT}.1.Condition", REMOVED),
            change(_KEY, f"{_STATEMENT}.0.Action", "kms:Decrypt"),
            change(_APART, f"{_STATEMENT}.1.Condition", REMOVED),
            change(_KEY, _STATEMENT, [OWNER, _BACKUP, allow(Principal=_ALARMS, Action="kms:Decrypt", Resource="*")]),
        ],
    ),
}
