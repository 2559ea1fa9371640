"""Logs: how long they are kept."""

from __future__ import annotations

from typing import Literal

from govml.settings.base import SettingsModel

# What CloudWatch Logs accepts (PutRetentionPolicy), from 365 days up: agencies keep logs for at least 12 months.
RetentionDays = Literal[365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]


class ObservabilitySettings(SettingsModel):
    """Applied to every log group that the stacks make."""

    log_retention_days: RetentionDays = 400
    """Days that logs are kept, at least 12 months; one of the values that CloudWatch Logs accepts."""
