"""The evaluator that the other tests ask agrees with what the IAM user guide says about each element."""

from __future__ import annotations

from typing import Any

import pytest
from iam_simulator import Request, decide

OBJECT = "arn:aws:s3:::bucket/a/key"


def statement(effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": "s3:*", "Resource": "*", **elements}


def ask(*statements: dict[str, Any], context: dict[str, str] | None = None, **request: str) -> str:
    asked = {"action": "s3:GetObject", "resource": OBJECT, **request}
    return decide([{"Version": "2012-10-17", "Statement": list(statements)}], Request(**asked, context=context or {}))


def test_nothing_is_allowed_by_default_and_a_deny_outweighs_an_allow() -> None:
    assert ask() == "not allowed"
    assert ask(statement()) == "allowed"
    assert ask(statement(), statement("Deny")) == "denied"


def test_actions_know_no_case_and_resources_do() -> None:
    assert ask(statement(Action="S3:getobject")) == "allowed"
    assert ask(statement(Action=["s3:Put*", "s3:List*"])) == "not allowed"
    assert ask(statement(Resource="arn:aws:s3:::bucket/*")) == "allowed"
    assert ask(statement(Resource="arn:aws:s3:::BUCKET/*")) == "not allowed"


def test_not_resource_is_everything_else() -> None:
    deny = {"Effect": "Deny", "Action": "s3:*"}
    assert ask({**deny, "NotResource": "arn:aws:s3:::bucket/*"}) == "not allowed"
    assert ask({**deny, "NotResource": "arn:aws:s3:::other/*"}) == "denied"


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "absent"),
    [
        ("StringEquals", "a", True, False),
        ("StringEquals", "b", False, False),
        ("StringNotEquals", "a", False, True),
        ("StringNotEquals", "b", True, True),
        ("StringLike", "?", True, False),
        ("StringNotLike", "a*", False, True),
        ("StringEqualsIfExists", "a", True, True),
        ("StringEqualsIfExists", "b", False, True),
        ("Null", "true", False, True),
        ("Null", "false", True, False),
    ],
)
def test_operators_on_a_given_and_on_an_absent_key(operator: str, wanted: str, given: bool, absent: bool) -> None:
    asked = statement(Condition={operator: {"s3:Key": wanted}})
    assert (ask(asked, context={"S3:KEY": "a"}) == "allowed") is given
    assert (ask(asked) == "allowed") is absent


def test_values_of_a_condition_are_alternatives_and_conditions_must_all_hold() -> None:
    either = statement(Condition={"StringEquals": {"k": ["a", "b"]}})
    neither = statement(Condition={"StringNotEquals": {"k": ["a", "b"]}})
    both = statement(Condition={"StringEquals": {"k": "a", "l": "b"}})
    assert ask(either, context={"k": "b"}) == "allowed"
    assert ask(neither, context={"k": "b"}) == "not allowed"
    assert ask(both, context={"k": "a"}) == "not allowed"
    assert ask(both, context={"k": "a", "l": "b"}) == "allowed"


def test_numbers_and_booleans() -> None:
    old = statement("Deny", Condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}})
    plain = statement("Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})
    assert ask(old, context={"s3:TlsVersion": "1.1"}) == "denied"
    assert ask(old, context={"s3:TlsVersion": "1.2"}) == "not allowed"
    assert ask(plain, context={"aws:SecureTransport": "false"}) == "denied"
    assert ask(plain, context={"aws:SecureTransport": "true"}) == "not allowed"


def test_a_policy_variable_is_the_callers_and_an_absent_one_matches_nothing() -> None:
    own = statement(Resource="arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*")
    assert ask(own, context={"aws:PrincipalTag/team": "a"}) == "allowed"
    assert ask(own, context={"aws:PrincipalTag/team": "b"}) == "not allowed"
    assert ask(own) == "not allowed"


def test_principals() -> None:
    account = statement(Principal={"AWS": "arn:aws:iam::111122223333:root"})
    service = statement(Principal={"Service": "logging.s3.amazonaws.com"})
    assert ask(account, principal="arn:aws:iam::111122223333:role/x") == "allowed"
    assert ask(account, principal="arn:aws:iam::999999999999:role/x") == "not allowed"
    assert ask(service, principal="logging.s3.amazonaws.com") == "allowed"
    assert ask(service, principal="events.amazonaws.com") == "not allowed"
    assert ask(statement(Principal="*")) == ask(statement(Principal={"AWS": "*"})) == "allowed"


def test_what_it_does_not_know_raises() -> None:
    with pytest.raises(NotImplementedError, match="DateLessThan"):
        ask(statement(Condition={"DateLessThan": {"aws:CurrentTime": "2030-01-01"}}))
    with pytest.raises(NotImplementedError, match="NotAction"):
        ask(statement(NotAction="s3:*"))
