"""How a served model is watched, and what a sustained drift leads to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from govml.settings.base import SettingsModel
from govml.settings.model_monitor import ModelMonitorSettings
from govml.settings.schedule import check_schedule

Retraining = Literal["automatic", "approval", "off"]


class MonitoringSettings(SettingsModel):
    """Used when the switch monitoring is on. The thresholds of drift stand in the use case's code, beside its features."""

    schedule: Annotated[str, AfterValidator(check_schedule)] = "cron(0 20 * * ? *)"
    """When the drift engine looks (UTC): cron(...) or rate(...); default: 04:00 in Singapore, each day."""

    retraining: Retraining = "approval"
    """What a sustained drift leads to: automatic (the training pipeline starts), approval (a person is asked) or off."""

    cool_down_days: Annotated[int, Field(ge=1, le=365)] = 14
    """Days after a run that a drift has started in which no drift starts another, whatever became of that run."""

    keep_days: Annotated[int, Field(ge=30, le=3650)] | None = None
    """Days that captured requests, feedback and reports of the drift engine are kept; default: the data's class decides.
    The engine's windows have to be in there: those that wait for labels, and those that late ones may still change."""

    feedback: bool = False
    """Make a policy for applications that hand in what people say of answers: accepted, rejected, or what is true."""

    model_monitor: ModelMonitorSettings | None = None
    """SageMaker Model Monitor beside the drift engine, for accounts that had it before 2026-07-30; left out: not used."""
