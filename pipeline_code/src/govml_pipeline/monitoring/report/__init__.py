"""The monitor's page for people: what was decided, why, and what was seen."""
