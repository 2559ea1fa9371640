"""The commands `govml pipeline | data | model` for an agency of its own, and toys for the pipeline's own modules."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from govml.cli.main import govml
from govml.errors import UserError

REPOSITORY = Path(__file__).resolve().parents[2]
TOY_DATA = """
import pathlib, sys
out = pathlib.Path(sys.argv[sys.argv.index('--output') + 1])
if 'broken' in sys.argv: sys.exit('no sample')
(out / 'sample.csv').write_text('month,price\\n2024-01,1\\n')
"""


TOY_SERVER = """
import http.server, json, os, pathlib, sys
argument = lambda name: sys.argv[sys.argv.index(name) + 1]
model = json.loads((pathlib.Path(argument('--model-dir')) / 'model.json').read_text())
if model.get('broken'): sys.exit(7)
class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, body):
        self.send_response(status)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        self.answer(200 if self.path == '/ping' else 404, b'')
    def do_POST(self):
        rows = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        answer = {'model': model['name'], 'aws': sorted(n for n in os.environ if n.startswith('AWS'))}
        self.answer(200 if rows else 400, json.dumps(answer).encode())
http.server.HTTPServer((argument('--host'), int(argument('--port'))), Handler).serve_forever()
"""


@dataclass
class Cli:
    """Runs commands for one agency of its own, so that tests share the account and nothing else."""

    agency: str
    config: Path
    group: str

    def __call__(self, *arguments: Any, **options: Any) -> Result:
        command = [str(argument) for argument in arguments]
        if command[:2] not in (["pipeline", "show"], ["pipeline", "list"], ["model", "predict"]):
            command += ["--config", str(self.config)]
        return CliRunner().invoke(govml, command, **options)

    def error(self, *arguments: Any, **options: Any) -> str:
        """Run a command that must end in a user's error; return its text."""
        result = self(*arguments, **options)
        assert isinstance(result.exception, UserError), (result.output, result.exception)
        return str(result.exception)


TRAIN = """
import json, pathlib
rows = sorted(f.read_text() for f in pathlib.Path('/opt/ml/input/data/train').iterdir())
pathlib.Path('/opt/ml/model/model.json').write_text(json.dumps({'name': 'toy', 'rows': len(rows), 'broken': False}))
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
