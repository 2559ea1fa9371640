from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from govml.local.emulator.cloudformation.audit import audit, leaves

names = st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=8)
texts = st.text("abcdefghijklmnopqrstuvwxyz0123456789-/:", min_size=12, max_size=40).filter(lambda s: s[0] not in "{[")
scalars = st.one_of(st.booleans(), st.integers(0, 10**6), texts)
trees = st.recursive(
    st.dictionaries(names, scalars, min_size=1, max_size=4),
    lambda inner: st.dictionaries(names, st.one_of(inner, st.lists(inner, min_size=1, max_size=3)), min_size=1),
    max_leaves=12,
)


@given(trees)
def test_what_is_answered_as_it_was_sent_is_not_lost(properties: dict[str, Any]) -> None:
    assert audit(properties, [properties]).lost == []


@given(trees)
def test_what_is_answered_as_a_json_document_is_not_lost(properties: dict[str, Any]) -> None:
    assert audit(properties, [{"document": json.dumps(properties)}]).lost == []


@given(trees)
def test_letter_case_and_text_instead_of_scalars_do_not_matter(properties: dict[str, Any]) -> None:
    def as_api(node: Any) -> Any:
        if isinstance(node, dict):
            return {key.upper(): as_api(value) for key, value in node.items()}
        if isinstance(node, list):
            return [as_api(item) for item in node]
        return str(node).lower() if isinstance(node, bool) else str(node)

    assert audit(properties, [as_api(properties)]).lost == []


@given(trees)
def test_an_answer_that_shows_nothing_loses_all_but_what_is_off(properties: dict[str, Any]) -> None:
    expected = {path for path, _, value in leaves(properties) if value is not False}
    assert set(audit(properties, [{}]).lost) == expected


def test_a_value_under_another_name_does_not_count() -> None:
    assert audit({"RetentionInDays": 30}, [{"other": 30}]).lost == ["RetentionInDays"]
    assert audit({"Encrypted": True}, [{"other": True}]).lost == ["Encrypted"]
    assert audit({"Mode": "on"}, [{"other": "a condition of something"}]).lost == ["Mode"]
    assert audit({"Mode": "on"}, [{"mode": "once"}]).lost == ["Mode"]


def test_a_value_under_a_known_other_name_counts() -> None:
    renamed = {"ExpirationInDays": ("Days",)}
    assert audit({"ExpirationInDays": 30}, [{"Days": 30}], renamed=renamed).lost == []
    assert audit({"ExpirationInDays": 30}, [{"Days": 31}], renamed=renamed).lost == ["ExpirationInDays"]


def test_a_switch_that_is_on_must_be_seen_and_one_that_is_off_must_not_be_on() -> None:
    assert audit({"Privileged": False}, [{}]).lost == []
    assert audit({"Privileged": False}, [{"privileged": True}]).lost == ["Privileged"]
    assert audit({"PrivateDns": True}, [{"PrivateDns": False}]).lost == ["PrivateDns"]


def test_an_empty_structure_is_a_switch_that_is_on() -> None:
    renamed = {"EventBridgeEnabled": ("EventBridgeConfiguration",)}
    sent = {"EventBridgeEnabled": True}
    assert audit(sent, [{"EventBridgeConfiguration": {}}], renamed=renamed).lost == []
    assert audit(sent, [{}], renamed=renamed).lost == ["EventBridgeEnabled"]


def test_a_key_is_recognised_by_its_id_and_by_its_arn() -> None:
    arn = "arn:aws:kms:ap-southeast-1:111122223333:key/0a1b2c3d-0000-4444-8888-123456789abc"
    assert audit({"KmsKeyId": arn}, [{"kmsKeyId": "0a1b2c3d-0000-4444-8888-123456789abc"}]).lost == []
    assert audit({"KmsKeyId": "0a1b2c3d-0000-4444-8888-123456789abc"}, [{"KMSKeyId": arn}]).lost == []
    assert audit({"KmsKeyId": arn}, [{"KmsKeyId": arn.replace("9abc", "9abd")}]).lost == ["KmsKeyId"]
    assert audit({"KmsKeyId": arn}, [{"KmsKeyId": "9abc"}]).lost == ["KmsKeyId"]


def test_the_same_arn_in_another_role_does_not_count() -> None:
    """A role's boundary that is also attached to it as a policy is not thereby a boundary."""
    arn = "arn:aws:iam::111122223333:policy/limit"
    assert audit({"PermissionsBoundary": arn}, [{"PolicyArn": arn}]).lost == ["PermissionsBoundary"]


def test_tags_are_found_as_pairs_and_as_maps() -> None:
    sent = {"Tags": [{"Key": "Project-Code", "Value": "P-1"}]}
    assert audit(sent, [{"Tags": [{"Key": "Project-Code", "Value": "P-1"}]}]).lost == []
    assert audit(sent, [{"tags": {"Project-Code": "P-1"}}]).lost == []
    assert audit(sent, [{"tags": {"Project-Code": "P-2"}}]).lost == ["Tags.Project-Code"]


def test_what_no_api_answers_is_not_looked_for() -> None:
    finding = audit({"Code": {"S3Key": "a/long/enough/key.zip"}}, [{}], unreadable=["Code/S3Key"])
    assert (finding.checked, finding.lost) == (0, [])


def test_a_lost_property_of_several_items_is_told_once() -> None:
    sent = {"Rules": [{"Days": 1}, {"Days": 2}]}
    assert audit(sent, [{}]).lost == ["Rules.Days"]
