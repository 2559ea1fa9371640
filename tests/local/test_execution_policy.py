from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase

from all_types import template

from govml.local.execution_policy import SERVICES, execution_policy

POLICY = execution_policy(account="111122223333", region="ap-southeast-1", agency="mini", role_path="/govml/")

# CloudFormation's name of a service -> its IAM prefix, where they differ.
PREFIXES = {
    "S3": "s3",
    "ApiGateway": "apigateway",
    "StepFunctions": "states",
    "RedshiftServerless": "redshift-serverless",
    "CloudWatch": "cloudwatch",
}


def allowed(action: str, resource: str = "*") -> bool:
    """Whether some statement allows an action on a resource, conditions left aside."""
    for statement in POLICY["Statement"]:
        resources = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        if (
            statement["Effect"] == "Allow"
            and any(fnmatchcase(action, pattern) for pattern in statement["Action"])
            and any(fnmatchcase(resource, pattern) for pattern in resources)
        ):
            return True
    return False


def test_every_service_of_the_resource_types_is_allowed() -> None:
    types = {resource["Type"] for resource in template()["Resources"].values()}
    for resource_type in types:
        service = resource_type.split("::")[1]
        if service in ("CDK", "IAM", "Greeting"):
            continue
        assert PREFIXES.get(service, service.lower()) in SERVICES, resource_type


def test_it_is_not_administrator_access() -> None:
    text = json.dumps(POLICY)
    assert '"Action": "*"' not in text
    assert '"*:*"' not in text
    assert not allowed("organizations:LeaveOrganization")
    assert not allowed("iam:CreateUser", "arn:aws:iam::111122223333:user/mallory")


def test_services_are_allowed_in_the_region_only() -> None:
    statement = POLICY["Statement"][0]
    assert statement["Condition"]["StringEquals"]["aws:RequestedRegion"] == ["ap-southeast-1", "us-east-1"]


def test_roles_of_others_are_out_of_reach() -> None:
    assert allowed("iam:CreateRole", "arn:aws:iam::111122223333:role/govml/mini-dev-training")
    assert not allowed("iam:CreateRole", "arn:aws:iam::111122223333:role/landing-zone-admin")
    assert not allowed("iam:PassRole", "arn:aws:iam::111122223333:role/landing-zone-admin")


def test_the_forbidden_policies_cannot_be_attached() -> None:
    deny = next(statement for statement in POLICY["Statement"] if statement["Effect"] == "Deny")
    assert "arn:aws:iam::aws:policy/AdministratorAccess" in deny["Condition"]["ArnEquals"]["iam:PolicyARN"]
    assert deny["Resource"] == "*"


def test_it_fits_into_a_managed_policy() -> None:
    """IAM counts 6,144 characters without white space (IAM user guide, "IAM and AWS STS quotas")."""
    assert len(re.sub(r"\s", "", json.dumps(POLICY))) <= 6144
