"""How `cdk bootstrap` prepares an account."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from govml.settings.base import SettingsModel
from govml.settings.values import AccountId

CDK_QUALIFIER = "hnb659fds"
"""CDK's own qualifier."""


class BootstrapSettings(SettingsModel):
    """Bootstrapping: which bootstrap stack the deployments use, and who may deploy through it."""

    qualifier: Annotated[str, Field(pattern=r"^[a-z0-9]{1,10}$")] = CDK_QUALIFIER
    """Qualifier of the bootstrap stack (at most 10 letters and digits); CDK's own is hnb659fds."""

    kms_key: (
        Annotated[str, Field(pattern=r"^(new|arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]{1,60})$")] | None
    ) = None
    """Key of the bucket with published code: ARN of an existing key, new for one of its own (1 USD a month), or empty for S3's."""

    trusted_account: AccountId | None = None
    """Account with the delivery pipeline, when that is another one; it may then deploy into each environment."""
