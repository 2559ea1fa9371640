"""Runs the pipeline executions of the local account on this machine, whoever started them."""
