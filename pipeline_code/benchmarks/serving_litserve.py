"""LitServe with the model behind it, as its documentation has it: python serving_litserve.py MODEL_DIR PORT PROCESSES.

It reads and checks rows by the very code of our server, as its application would have to.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import litserve

from govml_pipeline.model.artefact import load_model
from govml_pipeline.serving.inference import Predictor


class Api(litserve.LitAPI):
    def setup(self, device: str) -> None:  # noqa: ARG002  LitServe's signature
        model = load_model(Path(sys.argv[1]))
        self.predictor, self.version = Predictor(model), model.version

    # Without an annotation, from which LitServe would conclude that the request is no JSON body.
    def decode_request(self, request) -> list[dict[str, str | None]]:
        rows = request["instances"]
        return [{name: None if value is None else str(value) for name, value in row.items()} for row in rows]

    def predict(self, rows: list[dict[str, str | None]]) -> list[Any]:
        return self.predictor.predict(rows).values()

    def encode_response(self, output: list[Any]) -> dict[str, Any]:
        return {"predictions": output, "model_version": self.version}


if __name__ == "__main__":
    processes = int(sys.argv[3])
    server = litserve.LitServer(Api(), accelerator="cpu", workers_per_device=processes)
    server.run(
        "127.0.0.1",
        int(sys.argv[2]),
        num_api_servers=processes,
        log_level="warning",
        generate_client_file=False,
        access_log=False,
    )
