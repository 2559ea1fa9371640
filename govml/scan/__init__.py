"""Scanners of others over the synthesised templates, beside the packs and our own rules."""
