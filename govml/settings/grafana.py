"""Managed Grafana: where it stands, who may sign in, from where it is reached."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from govml.settings.aws_ids import PrefixListId
from govml.settings.base import SettingsModel
from govml.settings.environments import EnvironmentName

_Name = Annotated[str, Field(min_length=1, max_length=256)]


class SamlSettings(SettingsModel):
    """The identity provider that signs people in to Grafana by SAML 2.0, and what its assertions say of them."""

    metadata_url: Annotated[str, Field(pattern=r"^https://[^\s?#]+$", max_length=2048)]
    """HTTPS address of the provider's metadata, which AWS reads; without a query."""

    admins: Annotated[tuple[_Name, ...], Field(min_length=1, strict=False)]
    """Values of role_attribute that make somebody an administrator of Grafana."""

    editors: Annotated[tuple[_Name, ...], Field(strict=False)] = ()
    """Values of role_attribute that make somebody an editor, for about USD 9 a month each; everybody else may look only."""

    role_attribute: _Name = "role"
    """Attribute of the assertion that holds the roles."""

    login_attribute: _Name = "mail"
    """Attribute that holds the login name."""

    email_attribute: _Name = "mail"
    """Attribute that holds the e-mail address."""

    name_attribute: _Name = "displayName"
    """Attribute that holds the name that is shown."""

    session_minutes: Annotated[int, Field(ge=15, le=1440)] = 480
    """Minutes after which somebody must sign in again, 15 to 1440."""


class GrafanaSettings(SettingsModel):
    """One workspace for the agency; it shows every environment of its account, and accounts that are linked to it."""

    environment: EnvironmentName
    """The environment in whose account and network the workspace stands, such as prod."""

    authentication: Literal["identity-center", "saml"]
    """Who signs people in: identity-center (AWS IAM Identity Center of the organisation) or saml (see saml)."""

    saml: SamlSettings | None = None
    """The identity provider, where authentication is saml."""

    version: Annotated[str, Field(pattern=r"^[0-9]{1,2}\.[0-9]{1,2}$")] = "10.4"
    """Version of Grafana, such as 10.4: one that `aws grafana list-versions` names. A workspace never goes back to an older one."""

    reached_from: Annotated[tuple[PrefixListId, ...], Field(max_length=5, strict=False)] = ()
    """Managed prefix lists of the public addresses of offices; empty: the environment's VPC, and what is connected to it, alone."""
