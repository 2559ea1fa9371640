"""Retraining: who may ask for it, and what speaks against it."""

from govml_constructs.retraining.construct import RetrainingTrigger
from govml_constructs.retraining.feedback_policy import FeedbackPolicy
from govml_constructs.retraining.schedule import RetrainingSchedule
from govml_constructs.retraining.watched import WatchedUseCase

__all__ = ["FeedbackPolicy", "RetrainingSchedule", "RetrainingTrigger", "WatchedUseCase"]
