"""`python -m govml_pipeline.serving --model-dir DIR`: serve a model, on loopback unless told otherwise."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from govml_pipeline.errors import UserError


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped, or print the OpenAPI document; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m govml_pipeline.serving", description=__doc__)
    parser.add_argument("--model-dir", type=Path, required=True, help="folder of an unpacked model.tar.gz")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="port, 0 for a free one (default: %(default)s)")
    parser.add_argument("--max-bytes", type=int, help="largest request (default: 6 MB, of a batch transform 100 MB)")
    parser.add_argument("--batch", action="store_true", help="take the limits of a batch transform")
    parser.add_argument("--processes", type=int, default=1, help="processes that answer (default: %(default)s)")
    parser.add_argument("--openapi", action="store_true", help="print the OpenAPI document and end")
    options = parser.parse_args(arguments)
    if options.processes < 1:
        parser.error("--processes: at least 1")
    try:
        if options.openapi:
            print(_openapi(options.model_dir, batch=options.batch))
            return 0
        from govml_pipeline.serving.server import serve

        serve(
            options.model_dir,
            host=options.host,
            port=options.port,
            max_bytes=options.max_bytes,
            batch=options.batch,
            processes=options.processes,
        )
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _openapi(model_dir: Path, *, batch: bool) -> str:
    import json

    from govml_pipeline.model.artefact import load_model
    from govml_pipeline.serving.limits import limits_from
    from govml_pipeline.serving.openapi import document

    return json.dumps(document(load_model(model_dir), limits_from(os.environ, batch=batch)), indent=2)


if __name__ == "__main__":
    raise SystemExit(main())
