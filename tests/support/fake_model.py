"""A model process without a model: `fake_model.py FOLDER PORT`. `behaviour.json` says, at each request, what it does."""

import http.server
import json
import os
import pathlib
import sys
import time

FOLDER = pathlib.Path(sys.argv[1])


def behaviour():
    return json.loads((FOLDER / "behaviour.json").read_text())


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header(
            "X-Amzn-SageMaker-Custom-Attributes", self.headers.get("X-Amzn-SageMaker-Custom-Attributes", "")
        )
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(behaviour().get("ping", 200), b"{}")

    def do_POST(self):
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        told = behaviour()
        named = self.headers.get("X-Amzn-SageMaker-Custom-Attributes")
        print(json.dumps({"correlation_id": named, "status": told.get("status", 200)}), flush=True)
        if told.get("die"):
            os._exit(1)
        time.sleep(told.get("delay", 0))
        answer = {"version": told["version"], "bytes": len(sent), "pid": os.getpid()}
        if "answer" in told:
            answer |= {"predictions": [told["answer"]] * len(json.loads(sent)["instances"]), "model_version": "m1"}
        body = json.dumps(answer).encode()
        self.answer(told.get("status", 200), body)

    def log_message(self, *_):
        pass


if behaviour().get("broken"):
    sys.exit("the model cannot be loaded")
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
