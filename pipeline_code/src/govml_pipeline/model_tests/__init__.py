"""Behavioural tests of a model, declared by its use case: what it must do, whatever its accuracy."""
