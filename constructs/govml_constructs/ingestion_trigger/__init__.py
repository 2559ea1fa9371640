"""Starts a data source's ingestion when files of it have been delivered."""

from govml_constructs.ingestion_trigger.construct import IngestionTrigger

__all__ = ["IngestionTrigger"]
