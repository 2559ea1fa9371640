"""The nag packs and the acknowledgement of findings."""
