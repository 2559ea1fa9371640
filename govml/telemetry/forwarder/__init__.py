"""From lines of a log to Prometheus and X-Ray: what hands on the telemetry of containers that have no network.

Runs in a Lambda function and in the local account: standard library and botocore, which the function's runtime brings.
"""
