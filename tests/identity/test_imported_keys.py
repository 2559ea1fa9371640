"""What an imported key's policy must say, and whether a given policy says it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from govml.identity.imported_keys import ImportedKey, imported_keys, missing_statements
from govml.identity.key_users import PERSONA_PLACES, Where, key_users, people_of
from govml.settings import Settings, load_settings
from govml.settings.imported import KeyDomain
from govml_constructs.encryption.key_policy import key_policy

REPOSITORY = Path(__file__).resolve().parents[2]
KEY = "arn:aws:kms:ap-southeast-1:123456789012:key/{}234abcd-12ab-34cd-56ef-1234567890ab"
Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    agency = YAML(typ="safe", pure=True).load(REPOSITORY / "config" / "sandbox.yaml")
    keys = {domain: KEY.format(number) for number, domain in enumerate(("data", "ml", "logs"))}
    roles = {"MlPlatform/TrackingRole": "arn:aws:iam::123456789012:role/theirs/Tracking"}
    agency["environments"]["dev"]["imported"] = {"keys": keys, "roles": roles}
    path = tmp_path / "agency.yaml"
    path.write_text(json.dumps(agency))
    return load_settings(path)


def the_key(settings: Settings, domain: KeyDomain) -> ImportedKey:
    (found,) = [each for each in imported_keys(settings) if each.domain == domain]
    return found


def own_policy(settings: Settings, domain: KeyDomain) -> dict[str, Any]:
    """Return the policy that the blueprint gives to a key of its own."""
    return dict(key_policy(key_users(settings, "dev", domain, people_of(settings, "dev"), Where.of(settings, "dev"))))


def test_every_imported_key_is_listed_with_its_needs(settings: Settings) -> None:
    assert {each.domain: each.arn[-36] for each in imported_keys(settings)} == {"data": "0", "ml": "1", "logs": "2"}
    for key in imported_keys(settings):
        text = json.dumps(key.statements)
        assert "arn:aws:iam::123456789012:role/sandbox-dev-*" in text
        assert "arn:aws:iam::123456789012:role/theirs/Tracking" in text  # an imported role has a name of its own
        assert "kms:PutKeyPolicy" not in text  # who administers it is its owner's affair
    assert "logs.ap-southeast-1.amazonaws.com" in json.dumps(the_key(settings, "logs").statements)
    assert "sandbox-dev.data-engineer" in json.dumps(the_key(settings, "data").statements)


def test_nothing_is_listed_where_nothing_is_imported() -> None:
    assert imported_keys(load_settings(REPOSITORY / "config" / "sandbox.yaml")) == []


def test_a_policy_like_our_own_suffices(settings: Settings) -> None:
    for domain in ("data", "ml", "logs"):
        assert missing_statements(the_key(settings, domain), own_policy(settings, domain)) == []


def test_the_default_policy_of_kms_lets_roles_in_but_neither_people_by_name_nor_services(settings: Settings) -> None:
    root = {"AWS": "arn:aws:iam::123456789012:root"}
    default = {"Statement": {"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}}
    missing = {str(each["Sid"]) for each in missing_statements(the_key(settings, "logs"), default)}
    assert missing == {
        "DecryptByPeopleThroughS3",
        "AllowUseByLogs",
        "AllowUseByCloudwatch",
        "AllowUseByEvents",
        "AllowUseByBudgets",
        "AllowUseByCostalerts",
    }


def _without(sid: str) -> Change:
    def change(policy: dict[str, Any]) -> None:
        policy["Statement"] = [each for each in policy["Statement"] if each["Sid"] != sid]

    return change


def _set(sid: str, part: str, value: object) -> Change:
    def change(policy: dict[str, Any]) -> None:
        (statement,) = [each for each in policy["Statement"] if each["Sid"] == sid]
        statement[part] = value

    return change


ROLES, SERVICE = "UseByRolesOfTheEnvironment", "AllowUseByLogs"
BROKEN: list[tuple[str, Change]] = [
    (ROLES, _without(ROLES)),
    (ROLES, _set(ROLES, "Action", ["kms:Decrypt"])),
    (ROLES, _set(ROLES, "Effect", "Deny")),
    (ROLES, _set(ROLES, "Principal", {"AWS": "arn:aws:iam::123456789012:role/one"})),
    (ROLES, _set(ROLES, "Condition", {"ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::123456789012:role/x-*"]}})),
    (ROLES, _set(ROLES, "Condition", {"StringEquals": {"kms:ViaService": "s3.ap-southeast-1.amazonaws.com"}})),
    (SERVICE, _set(SERVICE, "Principal", {"Service": "logs.us-east-1.amazonaws.com"})),
    (SERVICE, _without(SERVICE)),
]


@pytest.mark.parametrize(("sid", "change"), BROKEN, ids=[str(number) for number in range(len(BROKEN))])
def test_what_a_policy_lacks_is_named(settings: Settings, sid: str, change: Change) -> None:
    policy = copy.deepcopy(own_policy(settings, "logs"))
    change(policy)
    missing = missing_statements(the_key(settings, "logs"), policy)
    assert [each["Sid"] for each in missing] == [sid]


def test_a_wider_statement_counts(settings: Settings) -> None:
    policy = own_policy(settings, "logs")
    for statement in policy["Statement"]:
        statement["Action"] = "kms:*"
        statement.pop("Condition", None)
    assert missing_statements(the_key(settings, "logs"), policy) == []


def test_people_are_known_by_the_names_that_they_will_have(settings: Settings) -> None:
    people = people_of(settings, "dev").role_arns
    assert set(people) == set(PERSONA_PLACES)
    assert people["ml_engineer"] == "arn:aws:iam::123456789012:role/sandbox-dev.ml-engineer"
