"""Who may take a role for people: users of one SAML provider, or named roles of the same account. Never a wildcard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govml_constructs.place import Place

# The audience of every sign-in to AWS by SAML (IAM user guide, "Configure SAML assertions for the authentication response").
_SIGN_IN = "https://signin.aws.amazon.com/saml"


@dataclass(frozen=True)
class PersonaTrust:
    """Who may take a role for people.

    Args:
        identity_provider: name of the account's SAML provider, or None.
        roles: names (with path) of roles of the same account.
        organization_id: organisation that those roles' account must belong to, or None.
    """

    identity_provider: str | None = None
    roles: Sequence[str] = ()
    organization_id: str | None = None

    def policy(self, place: Place) -> dict[str, object]:
        """Return the trust policy.

        A SAML user is no principal of an organisation, so `aws:PrincipalOrgID` can hold for roles only.

        Raises:
            ValueError: nobody is named, or somebody by a wildcard.
        """
        if any("*" in name for name in (*self.roles, self.identity_provider or "")):
            raise ValueError("a role for people names those who may take it; it has no wildcard")
        statements: list[dict[str, object]] = []
        if self.identity_provider:
            provider = place.arn("iam", f"saml-provider/{self.identity_provider}", region="")
            statements.append(
                {
                    "Sid": "SignInBySaml",
                    "Effect": "Allow",
                    "Principal": {"Federated": provider},
                    "Action": "sts:AssumeRoleWithSAML",
                    "Condition": {"StringEquals": {"SAML:aud": _SIGN_IN}},
                }
            )
        if self.roles:
            within = {"aws:PrincipalAccount": place.account}
            if self.organization_id:
                within["aws:PrincipalOrgID"] = self.organization_id
            statements.append(
                {
                    "Sid": "AssumeByNamedRoles",
                    "Effect": "Allow",
                    "Principal": {"AWS": [place.arn("iam", f"role/{name}", region="") for name in self.roles]},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": within},
                }
            )
        if not statements:
            raise ValueError("nobody may take this role: name an identity provider, or roles")
        return {"Version": "2012-10-17", "Statement": statements}
