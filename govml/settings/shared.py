"""What an environment shares with the next one, in another account."""

from __future__ import annotations

from govml.settings.base import SettingsModel
from govml.settings.imported import BucketName, KeyArn


class SharedSettings(SettingsModel):
    """Stores of this environment that the next one, in another account, reads when it promotes a model."""

    artifacts_bucket: BucketName
    """Bucket of the artefact zone."""

    evidence_bucket: BucketName
    """Bucket of the evidence, with the ledger."""

    ml_key: KeyArn
    """Key of the artefact zone."""

    logs_key: KeyArn
    """Key of the evidence."""
