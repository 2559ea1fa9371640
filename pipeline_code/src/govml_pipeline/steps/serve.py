"""Sub-command Serve: what an inference container runs; the model lies in the model folder."""

from __future__ import annotations

import argparse

from govml_pipeline import paths
from govml_pipeline.serving.server import serve


def run(options: argparse.Namespace) -> None:
    """Serve the model of `SAGEMAKER_BASE_DIR/model` until stopped."""
    serve(paths.model_dir(), host=options.host, port=options.port)
