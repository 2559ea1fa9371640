"""Lineage: where data comes from and goes to, read out of the synthesised templates: who may read and write what."""
