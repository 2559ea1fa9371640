"""Ids, ranges and names of the network: each held to its kind, and told by field, value and kind expected."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from imported_network import imported

from govml.cli.config import config
from govml.settings import Settings

ID_OF_ANOTHER_KIND: list[tuple[dict[str, Any], str, str]] = [
    ({"vpc_id": "subnet-0123456789abcdef0"}, "vpc_id", "is the id of a subnet; a VPC id is expected: vpc-"),
    ({"vpc_id": "vpc-0123"}, "vpc_id", "is no id of its kind; a VPC id is expected: vpc-"),
    ({"vpc_id": "vpc-0123456789ABCDEF0"}, "vpc_id", "a VPC id is expected"),
    ({"subnets__0__id": "rtb-0123456789abcdef0"}, "subnets.0.id", "is the id of a route table; a subnet id"),
    ({"route_table_ids": ["vpc-01234567"]}, "route_table_ids.0", "is the id of a VPC; a route table id"),
    ({"endpoints": {"kms": "vpc-01234567"}}, "endpoints.kms", "is the id of a VPC; a VPC endpoint id"),
    (
        {"security_groups": {"jobs": "vpce-01234567"}},
        "security_groups.jobs",
        "is the id of a VPC endpoint; a security group",
    ),
    ({"s3_prefix_list_id": "sg-01234567"}, "s3_prefix_list_id", "is the id of a security group; a prefix list id"),
]
OTHER_MISTAKES: list[tuple[dict[str, Any], list[str]]] = [
    ({"endpoints": {"dynamodb": "vpce-01234567"}}, ["endpoints.dynamodb", "known keys: s3, kms, logs"]),
    ({"endpoints": {"kmss": "vpce-01234567"}}, ["endpoints.kmss", "did you mean `kms`?"]),
    ({"subnets": []}, ["network_import.subnets", "must not be empty"]),
    ({"subnets__0__cidr": "10.8.0.0/29"}, ["subnets.0.cidr = 10.8.0.0/29", "a subnet is between /16 and /28"]),
    ({"subnets__0__cidr": "8.8.8.0/26"}, ["is not private"]),
    ({"subnets__0__cidr": "172.17.0.0/26"}, ["172.17.0.0/16"]),
    ({"subnets__0__zone": "a"}, ["subnets.0.zone = a", "ap-southeast-1a"]),
    ({"endpoint_cidrs": ["0.0.0.0/0"]}, ["endpoint_cidrs.0 = 0.0.0.0/0", "is not private"]),
    ({"hosted_zones": {"kms": {"id": "kms", "name": "kms.example"}}}, ["hosted_zones.kms.id = kms", "Hosted zone id"]),
    ({"vpc": "vpc-01234567"}, ["network_import.vpc", "did you mean `vpc_id`?"]),
    ({"network__allowed_domains": ["*.pypi.org"]}, ["allowed_domains.0 = *.pypi.org", "is not a domain", ".pypi.org"]),
    ({"network__allowed_domains": ["https://pypi.org"]}, ["is not a domain"]),
    ({"network__allowed_domains": [".org"]}, ["is not a domain"]),
    ({"network__allowed_domains": ["s3.us-east-1.amazonaws.com"]}, ["is an API of AWS"]),
    ({"network__allowed_domains": [".amazonaws.com"]}, ["is an API of AWS"]),
    ({"network__allowed_domains": ["bedrock-runtime.us-east-1.api.aws"]}, ["is an API of AWS"]),
    ({"network__internet_tiers": ["jobs"]}, ["internet_tiers.0 = jobs", "must be one of builds, studio"]),
    ({"network__internet_tiers": []}, ["network.internet_tiers", "must not be empty"]),
]


@pytest.mark.parametrize(
    ("change", "field", "message"), ID_OF_ANOTHER_KIND, ids=[field for _, field, _ in ID_OF_ANOTHER_KIND]
)
def test_an_id_of_another_kind_is_told_with_its_field(
    refusal: Callable[[str], str], changed: Callable[..., str], change: dict[str, Any], field: str, message: str
) -> None:
    text = refusal(changed(**imported(**change)))
    assert f"environments.dev.network_import.{field} = " in text
    assert message in text
    assert "has 1 problem:" in text


@pytest.mark.parametrize(
    ("change", "fragments"), OTHER_MISTAKES, ids=[str(change)[:50] for change, _ in OTHER_MISTAKES]
)
def test_every_other_mistake_is_one_problem(
    refusal: Callable[[str], str], changed: Callable[..., str], change: dict[str, Any], fragments: list[str]
) -> None:
    text = refusal(changed(**imported(**change)))
    for fragment in fragments:
        assert fragment in text
    assert "has 1 problem:" in text


def test_old_short_ids_and_aws_s_own_domains_that_are_no_api_are_accepted(
    load: Callable[[str], Settings], changed: Callable[..., str]
) -> None:
    load(changed(**imported(vpc_id="vpc-01234567")))
    domains = ["docs.aws.amazon.com", ".pythonhosted.org", "a.b-c.example.gov.sg"]
    load(changed(network={"internet": "filtered", "allowed_domains": domains}))


def test_the_line_of_the_id_is_named(
    refusal: Callable[[str], str], changed: Callable[..., str], tmp_path: Path
) -> None:
    source = changed(**imported(vpc_id="sg-01234567"))
    line = next(number for number, text in enumerate(source.splitlines(), 1) if "sg-01234567" in text)
    assert (
        f"agency.yaml:{line}: environments.dev.network_import.vpc_id = sg-01234567: is the id of a security group"
        in (refusal(source))
    )


def test_show_names_an_imported_vpc(changed: Callable[..., str], tmp_path: Path) -> None:
    path = tmp_path / "agency.yaml"
    path.write_text(changed(**imported(), features={"training_pipeline": False, "pipeline_schedule": False}))
    shown = CliRunner().invoke(config, ["show", str(path)]).output
    assert "vpc-00000000000000008 (imported)" in shown
    assert "vpc-00000000000000009 (imported)" in shown
