"""`CustomerPolicy` and `Statement`: plain data that says exactly what it says."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import Stand

from govml_constructs.identity.customer_policy import Statement


def test_the_policy_has_its_path_and_its_statements(bench: Mapping[str, Stand]) -> None:
    stand = bench["Policy"]
    assert stand.one("AWS::IAM::ManagedPolicy").properties["Path"] == "/govml/"
    assert stand.policy() == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "ReadLogs",
                "Effect": "Allow",
                "Action": ["logs:GetLogEvents"],
                "Resource": [bench["LogGroup"].one("AWS::Logs::LogGroup").arn],
            }
        ],
    }


def test_a_deny_may_name_what_it_spares() -> None:
    statement = Statement("DenyRest", ["s3:*"], not_resources=["arn:a"], effect="Deny").as_json()
    assert statement == {"Sid": "DenyRest", "Effect": "Deny", "Action": ["s3:*"], "NotResource": ["arn:a"]}


@pytest.mark.parametrize(
    "statement",
    [
        Statement("Nothing", ["s3:GetObject"]),
        Statement("Both", ["s3:GetObject"], ["arn:a"], ["arn:b"]),
        Statement("NoAction", [], ["arn:a"]),
    ],
    ids=lambda statement: statement.sid,
)
def test_a_statement_that_says_nothing_or_too_much_is_refused(statement: Statement) -> None:
    with pytest.raises(ValueError, match=statement.sid):
        statement.as_json()
