"""Inference over HTTP with SageMaker's contract: `GET /ping` and `POST /invocations`.

Source: "Use Your Own Inference Code with Hosting Services" in the SageMaker developer guide.
"""
