"""What all use cases share: which kind of managed MLflow keeps their runs."""

from __future__ import annotations

from typing import Literal

from govml.settings.base import SettingsModel


class PlatformSettings(SettingsModel):
    """Managed MLflow; used when the switch experiment_tracking is on."""

    mlflow: Literal["app", "tracking-server"] = "app"
    """app (serverless, no idle cost) or tracking-server (paid by the hour; its interface endpoint is documented)."""

    tracking_server_size: Literal["small", "medium", "large"] = "small"
    """Size of a tracking server."""
