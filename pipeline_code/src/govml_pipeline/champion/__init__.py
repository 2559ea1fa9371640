"""The model that serves now, held against the one that was just trained, on rows that neither has learnt from."""
