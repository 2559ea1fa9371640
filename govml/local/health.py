"""Asks a port on loopback whether an emulator answers there, and whether the port is free."""

from __future__ import annotations

import json
import socket
import urllib.request

LOOPBACK = "127.0.0.1"
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def is_free(port: int) -> bool:
    """Whether a server could listen on a port of loopback now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def answers(port: int, *, timeout: float = 1.0) -> bool:
    """Whether an emulator answers its health question on this port.

    Args:
        port: TCP port on 127.0.0.1.
        timeout: seconds.
    """
    try:
        with _direct.open(f"http://{LOOPBACK}:{port}/_ministack/health", timeout=timeout) as answer:
            return "services" in json.load(answer)
    except (OSError, ValueError):
        return False
