"""`FeedbackPolicy`: an application may put feedback on one use case, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from bench import Stand
from cfn_templates import REGION


def test_feedback_may_be_put_and_nothing_read_listed_or_deleted(bench: Mapping[str, Stand]) -> None:
    statements = bench["Feedback"].one("AWS::IAM::ManagedPolicy").properties["PolicyDocument"]["Statement"]
    found = {each["Sid"]: each for each in statements}
    assert set(found) == {"GiveFeedback", "UseKey"}
    assert found["GiveFeedback"]["Action"] in ("s3:PutObject", ["s3:PutObject"])
    assert "/resale-prices/feedback/*" in str(found["GiveFeedback"]["Resource"])
    assert found["UseKey"]["Action"] in ("kms:GenerateDataKey", ["kms:GenerateDataKey"])
    assert str(found["UseKey"]["Condition"]).count(f"s3.{REGION}.amazonaws.com") == 1


def test_nobody_gets_it_by_deployment(bench: Mapping[str, Stand]) -> None:
    properties = bench["Feedback"].one("AWS::IAM::ManagedPolicy").properties
    assert not any(properties.get(name) for name in ("Roles", "Users", "Groups"))
