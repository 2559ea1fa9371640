"""What an agency file uses that has no future, to be told wherever people look at the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile

#: Day from which no new customer gets Model Monitor, and where AWS says so (read on 2026-11-28).
MODEL_MONITOR_CLOSED = "2026-07-30"
MODEL_MONITOR_SOURCE = "SageMaker AI developer guide, Amazon SageMaker Model Monitor availability change"


def model_monitor_notice(use_case: str) -> str:
    """Return what has to be known of Model Monitor, in a sentence."""
    return (
        f"{use_case} uses SageMaker Model Monitor, which is closed to new customers since {MODEL_MONITOR_CLOSED} and gets no "
        f"new features ({MODEL_MONITOR_SOURCE}): an account that had none cannot deploy it. The drift engine needs none."
    )


def lifecycle_notices(settings: AgencyFile) -> list[str]:
    """Return a sentence for each use of a service that is closed to new customers, in the order of the file.

    Args:
        settings: a sound agency file.
    """
    return [model_monitor_notice(name) for name in settings.model_monitored]
