"""Retraining: who may ask for it, and what speaks against it."""

from govml_constructs.retraining.construct import RetrainingTrigger, WatchedUseCase

__all__ = ["RetrainingTrigger", "WatchedUseCase"]
