"""The demo: from one agency file to a served prediction, each step a command that a person could type."""
