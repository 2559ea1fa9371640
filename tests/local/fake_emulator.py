"""Stands in for the emulator's process: answers the health question at once, and has a child."""

import json
import os
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

STUBBORN = os.environ.get("FAKE_EMULATOR_IGNORES_SIGTERM") == "1"
FOLDER = Path(os.environ["GOVML_LOCAL_FIDELITY_FILE"]).parent


class Health(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({"services": {}}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


if STUBBORN:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
server = HTTPServer(("127.0.0.1", int(os.environ["GOVML_LOCAL_PORT"])), Health)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
(FOLDER / "child.pid").write_text(str(child.pid))
(FOLDER / "environ.json").write_text(json.dumps(dict(os.environ)))
server.serve_forever()
