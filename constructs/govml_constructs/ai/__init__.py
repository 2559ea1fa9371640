"""Foundation models: guardrail, access, invocation log."""
