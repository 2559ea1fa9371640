"""Retraining: who may ask for it, and what speaks against it."""

from govml_constructs.retraining.construct import RetrainingTrigger, WatchedUseCase
from govml_constructs.retraining.schedule import RetrainingSchedule

__all__ = ["RetrainingSchedule", "RetrainingTrigger", "WatchedUseCase"]
