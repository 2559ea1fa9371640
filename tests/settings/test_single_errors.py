"""One mistake at a time: what the user reads names the path, the value and a way out."""

from collections.abc import Callable
from typing import Any

import pytest

KEY = "arn:aws:kms:ap-southeast-1:012345678901:key/1234abcd-12ab-34cd-56ef-1234567890ab"
MISTAKES: list[tuple[dict[str, Any], list[str]]] = [
    ({"agency": "Bad_Name"}, ["agency = Bad_Name", "lower-case letters"]),
    ({"agency": "ends-"}, ["agency = ends-"]),
    ({"agency": "a"}, ["at least 2"]),
    ({"agency": ["a"]}, ["agency: must be text, not a list", "starts every physical name"]),
    ({"owner": {"mail": "a@b.sg"}}, ["owner: must be text, not a mapping", "E-mail"]),
    ({"features": ["studio"]}, ["features: must be a mapping of keys to values, not a list", "lines of their own"]),
    ({"budget__monthly_usd": "500"}, ["budget.monthly_usd = 500", "must be a number"]),
    ({"observability__trace_percent": True}, ["trace_percent = true", "must be a number"]),
    ({"owner": "nobody"}, ["owner = nobody", "E-mail"]),
    ({"project_code": "a b"}, ["project_code = a b"]),
    ({"data_classification": "secret"}, ["must be one of official-open, official-closed, restricted, confidential"]),
    ({"maturity": "stage4"}, ["must be one of stage1, stage2, stage3", "did you mean `stage"]),
    ({"maturity": 2}, ["maturity = 2", "must be one of"]),
    ({"environments": {}}, ["environments", "must not be empty"]),
    ({"environments": []}, ["environments", "must be a mapping"]),
    ({"environments": "dev"}, ["environments = dev", "must be a mapping"]),
    ({"environments__qa": {}}, ["environments.qa", "known keys: dev, uat, prod"]),
    ({"environments__dve": {"account": "012345678901", "cidr": "10.9.0.0/24"}}, ["did you mean `dev`?"]),
    ({"environments__dev__account": 123456789012}, ["must be text", 'quote it: "123456789012"']),
    ({"environments__dev__account": "12345678901"}, ["12 digits"]),
    ({"environments__dev__account": "１２３４５６７８９０１２"}, ["12 digits"]),  # noqa: RUF001 - full-width digits
    ({"environments__dev__cidr": "10.0.0.0"}, ["cidr = 10.0.0.0", "not an IPv4 network"]),
    ({"environments__dev__cidr": "10.0.0.0/33"}, ["not an IPv4 network"]),
    ({"environments__dev__cidr": "10.0.1.0/22"}, ["host bits", "10.0.0.0/22"]),
    ({"environments__dev__cidr": "10.0.0.0/25"}, ["between /16 and /24"]),
    ({"environments__dev__cidr": "10.0.0.0/15"}, ["between /16 and /24"]),
    ({"environments__dev__cidr": "8.8.0.0/22"}, ["not private"]),
    ({"environments__dev__cidr": "172.17.4.0/24"}, ["172.17.0.0/16"]),
    ({"environments__dev__cidr": "fd00::/20"}, ["not an IPv4 network"]),
    ({"environments__dev__cidr": 10}, ["not an IPv4 network"]),
    ({"environments__dev__removal": "delete"}, ["retain, destroy"]),
    ({"network__mode": "lookup"}, ["network.mode = lookup", "must be one of create, import"]),
    ({"network__internet": "open"}, ["must be one of none, filtered"]),
    ({"network__capacity__studio_users": -1}, ["network.capacity.studio_users = -1", "greater than or equal to 0"]),
    ({"network__capacity__studio_user": 1}, ["did you mean `studio_users`?"]),
    ({"network__availability_zones": 1}, ["must be one of 2, 3"]),
    ({"network__reserved_cidrs": "10.1.0.0/16"}, ["must be a list"]),
    ({"network__reserved_cidrs": ["10.1.0.0/16", "nonsense"]}, ["network.reserved_cidrs.1 = nonsense"]),
    ({"iam__role_path": "agency"}, ["iam.role_path = agency"]),
    ({"iam__permissions_boundary": "arn:aws:iam::1:policy/x"}, ["iam.permissions_boundary"]),
    ({"iam__organization_id": "abc"}, ["iam.organization_id = abc", "o-a1b2c3d4e5"]),
    ({"iam__key_administrators": ["arn:aws:iam::1:role/x"]}, ["iam.key_administrators.0"]),
    ({"iam__personas": {"identity_provider": "arn:aws:iam::1:saml-provider/x"}}, ["iam.personas.identity_provider"]),
    ({"iam__personas": {"trusted_roles": {"approver": ["*"]}}}, ["iam.personas.trusted_roles.approver.0 = *"]),
    ({"iam__personas": {"trusted_roles": {"aprover": ["x"]}}}, ["did you mean `approver`?"]),
    ({"iam__personas": {"max_session_hours": 13}}, ["must be less than or equal to 12"]),
    ({"environments__dev__imported": {"keys": {"data": "alias/x"}}}, ["imported.keys.data = alias/x", "name the key"]),
    ({"environments__dev__imported": {"keys": {"lake": KEY}}}, ["imported.keys.lake", "known keys: data, ml, logs"]),
    ({"environments__dev__imported": {"roles": {"A/B": "x"}}}, ["imported.roles.A/B = x"]),
    ({"environments__dev__imported": {"buckets": {"raw": "Not_A_Bucket"}}}, ["imported.buckets.raw = Not_A_Bucket"]),
    ({"features__alarms": "on"}, ["must be true or false", "write true"]),
    ({"features__alarms": "no"}, ["write false"]),
    ({"features__studoi": True}, ["features.studoi", "did you mean `studio`?"]),
    ({"observability__log_retention_days": 90}, ["must be one of 365, 400"]),
    (
        {"observability__log_shipping": {"delivery_stream": "arn:aws:firehose:x"}},
        ["log_shipping.delivery_stream", "Name"],
    ),
    (
        {"observability__log_shipping": {"destination_arn": "central"}},
        ["destination_arn = central", "arn:aws:logs:REGION"],
    ),
    (
        {"observability__log_shipping": {"delivery_stream": "a", "role": "/a b"}},
        ["log_shipping.role = /a b", "PATH/NAME"],
    ),
    (
        {"observability__log_shipping": {"delivery_stream": "a", "filter_name": "a:b"}},
        ["filter_name = a:b", "at most 128"],
    ),
    ({"observability__log_shipping": {"delivery_stream": "a", "filter_pattern": "x" * 1025}}, ["at most 1024"]),
    ({"observability__log_shipping": {"stream": "a"}}, ["log_shipping.stream", "known keys: delivery_stream"]),
    ({"baseline": {"patch_operating_systems": []}}, ["baseline.patch_operating_systems", "must not be empty"]),
    ({"baseline": {"patch_operating_systems": ["UBUNTU"]}}, ["AMAZON_LINUX_2023, REDHAT_ENTERPRISE_LINUX, WINDOWS"]),
    ({"baseline": {"patch_approval_days": 31}}, ["patch_approval_days = 31", "less than or equal to 30"]),
    ({"tags": ["a"]}, ["tags", "must be a mapping"]),
    ({"use_cases__resale": None}, ["use_cases.resale", "must be a mapping"]),
    ({"use_cases": {"Bad-Name": {"acceptance": {"mape": {"max": 1}}}}}, ["Bad-Name", "underscores"]),
    ({"use_cases__resale__acceptance": {}}, ["use_cases.resale.acceptance", "asks for nothing", "name a metric"]),
    ({"use_cases__resale__acceptance": 6}, ["use_cases.resale.acceptance", "must be a mapping"]),
    ({"use_cases__resale__acceptance": {"max_mae": 400}}, ["acceptance", "max_mae is written `mae: {max: 400}` now"]),
    ({"use_cases__resale__acceptance": {"max_mape_percent": 6}}, ["is written `mape: {max: 6}` now"]),
    ({"use_cases__resale__acceptance": {"Mape!": {"max": 1}}}, ["acceptance.Mape!", "is not a name"]),
    ({"use_cases__resale__acceptance__mape": {}}, ["acceptance.mape", "asks for nothing: give max or min"]),
    ({"use_cases__resale__acceptance__mape": {"min": 2, "max": 1}}, ["acceptance.mape", "has both max and min"]),
    ({"use_cases__resale__acceptance__mape": {"most": 1}}, ["acceptance.mape.most", "known keys: max, min"]),
    ({"use_cases__resale__acceptance__mape": {"max": "4"}}, ["acceptance.mape.max = 4", "must be a number"]),
    ({"use_cases__resale__tuning": {"strategy": "grid"}}, ["must be one of Bayesian, Random, Grid", "`Grid`"]),
    ({"use_cases__resale__tuning": {"strategy": "Hyperband"}}, ["tuning.strategy = Hyperband"]),
    ({"use_cases__resale__tuning": {"trials": 0}}, ["tuning.trials = 0", "greater than or equal to 1"]),
    ({"use_cases__resale__tuning": {"trials": 751}}, ["tuning.trials = 751", "less than or equal to 750"]),
    ({"use_cases__resale__tuning": {"parallel_trials": 2}}, ["tuning", "parallel_trials is larger than trials"]),
    ({"use_cases__resale__train_instances": 0}, ["train_instances = 0", "greater than or equal to 1"]),
    ({"use_cases__resale__definition": "/etc/passwd"}, ["inside the repository"]),
    ({"use_cases__resale__definition": "../x.json"}, ["inside the repository"]),
    ({"use_cases__resale__definition": "absent.json"}, ["no pipeline definition absent.json"]),
    ({"use_cases__resale__instance_type": "m5.large"}, ["instance_type = m5.large", "ml.m5.large"]),
    ({"use_cases__resale__image_tag": "latest"}, ["changes under a deployed pipeline"]),
    ({"use_cases__resale__image_tag": 1.1}, ['quote it: "1.1"']),
    ({"use_cases__resale__schedule": "daily"}, ["is not a schedule"]),
    ({"ai": {"models": []}}, ["ai.models", "must not be empty"]),
    ({"ai": {"models": ["amazon.nova-*"]}}, ["ai.models.0 = amazon.nova-*"]),
    ({"ai": {"models": ["apac.amazon.nova-lite-v1:0"]}}, ["cross-region inference profile"]),
    ({"ai": {"models": ["global.anthropic.claude-sonnet-4-5-20250929-v1:0"]}}, ["cross-region inference profile"]),
    ({"ai": {"models": ["arn:aws:bedrock:::foundation-model/amazon.nova-lite-v1:0"]}}, ["ai.models.0"]),
    ({"ai": {"models": ["amazon.nova-lite-v1:0"], "pii": [{"type": "NRIC", "action": "BLOCK"}]}}, ["ai.pii.0.type"]),
    ({"ai": {"models": ["amazon.nova-lite-v1:0"], "prompt_attack_strength": "LOW"}}, ["must be one of MEDIUM, HIGH"]),
    ({"ai": {"models": ["amazon.nova-lite-v1:0"], "blocked_message": "x" * 501}}, ["at most 500"]),
    ({"cicd__repository": "no-slash"}, ["cicd.repository"]),
    ({"cicd__connection_arn": "arn:aws:iam::123456789012:role/x"}, ["cicd.connection_arn"]),
    ({"region": "Singapore"}, ["region = Singapore"]),
    ({"allowed_regions": ["ap-southeast-1", 7]}, ["allowed_regions.1 = 7", "must be text"]),
    ({"regoin": "ap-southeast-1"}, ["regoin", "is not a known key", "did you mean `region`?"]),
    ({"zzzzzz": 1}, ["zzzzzz: is not a known key", "known keys: agency"]),
]


@pytest.mark.parametrize(("change", "fragments"), MISTAKES, ids=[str(change)[:60] for change, _ in MISTAKES])
def test_a_mistake_is_one_problem_with_its_way_out(
    refusal: Callable[[str], str], changed: Callable[..., str], change: dict[str, Any], fragments: list[str]
) -> None:
    text = refusal(changed(**change))
    for fragment in fragments:
        assert fragment in text
    assert "hint:" in text
    # A wrong environment name brings its missing keys with it; everything else is exactly one problem.
    assert "has 1 problem:" in text or "environments.qa" in text


@pytest.mark.parametrize("key", ["agency", "project_code", "owner", "data_classification", "maturity", "environments"])
def test_a_required_key_may_neither_be_missing_nor_empty(
    refusal: Callable[[str], str], changed: Callable[..., str], gone: object, key: str
) -> None:
    assert f"{key}: is missing" in refusal(changed(**{key: gone}))
    assert f"{key}: has no value" in refusal(changed(**{key: None}))


def test_a_misspelt_required_key_is_one_mistake(
    refusal: Callable[[str], str], changed: Callable[..., str], gone: object
) -> None:
    text = refusal(changed(agency=gone, agnecy="agency"))
    assert "has 1 problem:" in text
    assert "did you mean `agency`?" in text


def test_the_line_and_the_file_are_named(refusal: Callable[[str], str], changed: Callable[..., str]) -> None:
    source = changed(environments__prod__cidr="10.0.4.0/30")
    line = next(number for number, text in enumerate(source.splitlines(), 1) if "10.0.4.0/30" in text)
    assert f"agency.yaml:{line}: environments.prod.cidr = 10.0.4.0/30: must be between /16 and /24" in refusal(source)


def test_an_account_with_a_leading_zero_is_quoted_as_it_was_written(refusal: Callable[[str], str]) -> None:
    text = refusal("environments:\n  dev:\n    account: 012345678901\n    cidr: 10.0.0.0/24\n")
    assert (
        'agency.yaml:3: environments.dev.account = 012345678901: must be text\n    hint: quote it: "012345678901"'
        in text
    )


def test_what_is_printed_cannot_move_the_cursor(refusal: Callable[[str], str]) -> None:
    text = refusal('agency: "\\e[2J\\x9b1m\\nowned"\n"key\\e[31m": 1\n')
    assert "\x1b" not in text
    assert "\x9b" not in text
    assert "\\x1b[2J" in text
