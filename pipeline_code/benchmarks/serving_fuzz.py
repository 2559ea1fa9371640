"""Everything that a caller may do to the server: requests made from its document, floods, slow callers; prints what came of it.

    make fuzz [EXAMPLES=N]

1. schemathesis makes requests from the OpenAPI document, good and bad ones, and checks every answer against it;
2. 6,000 good and malformed requests, while memory is watched;
3. bodies of 100 MB, announced and not; 600 connections that send a byte now and then; half-closed and cut connections.

Fails on a status of 500, a server that does not answer afterwards, or memory that grows by more than a tenth.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from serving import sample, trained
from serving_client import requests
from serving_stacks import STACKS, predicts, running

REQUESTS = 6_000
SLOW = 600
LARGE = 100 * 1024 * 1024
HERE = Path(__file__).resolve().parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, help="folder of an unpacked model, instead of training one on the sample")
    parser.add_argument("--schemathesis", type=Path, required=True, help="the program")
    parser.add_argument("--examples", type=int, default=100, help="requests for each operation (default: %(default)s)")
    options = parser.parse_args()
    os.environ |= {"GOVML_SERVING_HEAD_SECONDS": "3", "GOVML_SERVING_READ_SECONDS": "3"}
    with tempfile.TemporaryDirectory(prefix="fuzz-") as temporary:
        model = options.model or trained(None, Path(temporary, "model"))
        rows, log = sample(200), Path(temporary, "server.log")
        with running(STACKS["govml"], model, model, processes=1, row=rows[0], log=log) as (port, process):
            schemathesis(options.schemathesis, port, options.examples)
            flood(port, process, rows)
            hostile(port)
            if not predicts(port, STACKS["govml"], rows[0]):
                raise SystemExit("the server does not answer any more")
        answered = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
        failed = [entry for entry in answered if entry["status"] in (500, 504)]
        print(f"{len(answered):,} invocations, {len(failed)} failures of the server")
        return 1 if failed else 0


def schemathesis(program: Path, port: int, examples: int) -> None:
    """Requests by the document."""
    command = [str(program), "--config-file", str(HERE.parent / "requirements" / "schemathesis.toml"), "--no-color"]
    command += ["run", f"http://127.0.0.1:{port}/openapi.json", "--max-examples", str(examples), "--seed", "1"]
    if subprocess.run([*command, "--continue-on-failure", "--warnings", "off"], check=False).returncode:
        raise SystemExit("schemathesis found something")


def flood(port: int, process: int, rows: list[dict[str, object]]) -> None:
    """Good and malformed requests over one connection, with the resident memory before and after."""
    bodies = [json.dumps({"instances": [row]}) for row in rows]
    bodies += [json.dumps({"instances": [{**row, "town": f"T{number}"}]}) for number, row in enumerate(rows)]
    bodies += [
        "{",
        "[]",
        "[" * 3000,
        json.dumps({"instances": rows}),
        json.dumps({"instances": rows[:5], "explain": True}),
    ]
    sent = requests(port, "/invocations", bodies)
    memory = []
    for _ in range(3):  # the first round fills what is kept on purpose
        with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rb") as stream:
            for number in range(REQUESTS // 3):
                connection.sendall(sent[number % len(sent)])
                length = 0
                while (header := stream.readline().strip()) != b"":
                    name, _, value = header.partition(b":")
                    length = int(value) if name.lower() == b"content-length" else length
                stream.read(length)
        memory.append(resident(process))
    print(f"memory after each third of {REQUESTS:,} requests: {', '.join(f'{size:.0f} MB' for size in memory)}")
    if memory[-1] > 1.1 * memory[0]:
        raise SystemExit("memory grows")


def resident(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def hostile(port: int) -> None:
    """Large bodies, slow callers, cut connections."""
    head = b"POST /invocations HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
    for length in (f"Content-Length: {LARGE}", "Transfer-Encoding: chunked"):
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            with contextlib.suppress(OSError):
                connection.sendall(head + length.encode() + b"\r\n\r\n")
                part = b"100000\r\n" + b" " * 2**20 + b"\r\n" if "chunked" in length else b" " * 2**20
                for _ in range(100):
                    connection.sendall(part)
            with contextlib.suppress(OSError):
                print(f"100 MB, {length.partition(':')[0]}: {connection.recv(100).splitlines()[0].decode()}")
    begun = time.monotonic()
    slow = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(SLOW)]
    for connection in slow:
        with contextlib.suppress(OSError):
            connection.sendall(b"POST /invocations HTTP/1.1\r\nX-Slow: ")
    ended = 0
    for connection in slow:  # each is ended by the server
        with contextlib.suppress(OSError):
            while connection.recv(1000):
                pass
        ended += 1
        connection.close()
    print(f"{ended} slow connections ended by the server within {time.monotonic() - begun:.1f} s")
    for sent in (head, head + b"Content-Length: 10\r\n\r\n{", b"\x00" * 1000):
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            with contextlib.suppress(OSError):
                connection.recv(1000)


if __name__ == "__main__":
    sys.exit(main())
