"""Objects below one prefix, in S3 or in a folder: the same few operations, whole objects only."""

from govml_pipeline.storage.objects import Storage, StoredObject
from govml_pipeline.storage.opening import open_storage

__all__ = ["Storage", "StoredObject", "open_storage"]
