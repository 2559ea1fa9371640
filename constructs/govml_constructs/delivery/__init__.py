"""The delivery pipeline: builds, packages, what they may do."""
