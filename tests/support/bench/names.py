"""The names that the constructs of the bench are given, and the tests look for."""

from __future__ import annotations

from cfn_templates import ACCOUNT, REGION

from govml_constructs.identity.persona_trust import PersonaTrust
from govml_constructs.identity.service_role import RoleRules

IMPORTED_VPC = "vpc-0123456789abcdef0"
ORGANIZATION = "o-a1b2c3d4e5"
RULES = RoleRules(path="/govml/", permissions_boundary="AgencyBoundary")
MODELS = ("amazon.nova-lite-v1:0", "anthropic.claude-sonnet-4-5-20250929-v1:0")
SLUG = "hdb-resale"
SOURCE_SLUG = "resale-prices"
ADMINISTRATOR = f"arn:aws:iam::{ACCOUNT}:role/KeyAdministrator"
DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-{REGION}"
OUR_ROLE = f"arn:aws:iam::{ACCOUNT}:role/govml/bench-dev-Data-Role-ABC"
ORGANISATION = "o-abcdefghij"
TRUST = {
    "data_scientist": PersonaTrust(identity_provider="agency-sso"),
    "ml_engineer": PersonaTrust(identity_provider="agency-sso", roles=["Engineer"], organization_id=ORGANISATION),
    "data_engineer": PersonaTrust(roles=["people/Engineer"]),
    "approver": PersonaTrust(roles=["Approver"], organization_id=ORGANISATION),
    "auditor": PersonaTrust(identity_provider="agency-sso"),
}
IMPORTED: dict[str, dict[str, str]] = {
    "roles": {
        "MlPlatform/TrackingRole": f"arn:aws:iam::{ACCOUNT}:role/theirs/Tracking",
        "Access/Personas/Approver": f"arn:aws:iam::{ACCOUNT}:role/theirs/Approver",
    },
    "keys": {"data": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"},
    "buckets": {"raw": "raw-data-of-theirs"},
}
