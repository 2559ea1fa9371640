"""`govml local serve`: the process that runs the models of the local account's endpoints and answers their requests.

* `front/`: SageMaker Runtime's API on loopback, signatures included.
* `fleet/`: one process for each variant, started, watched and restarted.
* `deployment/`: traffic shifting with baking and alarms, as deployment guardrails describe it.
* `capture/`: requests and answers in data capture's form, in the account's S3.
"""
