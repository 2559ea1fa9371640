"""One prediction from the registered model, asked for as any client would."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

from govml.errors import UserError

_DEADLINE_SECONDS = 60.0

# A flat like many others, as the case study's public data describes one.
EXAMPLE_FLAT: dict[str, object] = {
    "month": "2025-08",
    "town": "TAMPINES",
    "flat_type": "4 ROOM",
    "block": "101",
    "street_name": "TAMPINES ST 11",
    "storey_range": "07 TO 09",
    "floor_area_sqm": 93,
    "flat_model": "Model A",
    "lease_commence_date": 1988,
    "remaining_lease": "61 years 04 months",
}


def ask(server: subprocess.Popen[bytes], port: int, log: Path) -> dict[str, Any]:
    """Wait until the server answers `/ping`, then ask for one prediction.

    Args:
        server: the server's process.
        port: its port on loopback.
        log: its log, shown when it does not come up.

    Returns:
        The answer of `/invocations`.

    Raises:
        UserError: the server ended, did not come up in time, or refused the request.
    """
    from govml.execution.serving import request

    deadline = time.monotonic() + _DEADLINE_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if request(port, "GET", "/ping")[0] == 200:
                break
        except OSError:
            time.sleep(0.1)  # not listening yet
    else:
        raise UserError(f"the model server did not come up:\n{_tail(log)}")
    status, answer = request(port, "POST", "/invocations", json.dumps({"instances": [EXAMPLE_FLAT]}).encode())
    if status != 200:
        raise UserError(f"the model server answered {status}: {answer.decode(errors='replace')}")
    result = json.loads(answer)
    if not isinstance(result, dict):
        raise UserError(f"the model server answered something else than an object: {result!r}")
    return result


def _tail(log: Path, lines: int = 10) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "(no log)"
