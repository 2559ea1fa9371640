"""Acceptance: criteria that were written down before the model was built, held against what was measured."""
