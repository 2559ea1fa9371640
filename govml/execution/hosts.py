"""Starts the hosts of one job side by side, each with its own log, after giving all of them the hosts' names.

In SageMaker the names in `resourceconfig.json` (`algo-1`, `algo-2`) resolve on the job's network. Here they resolve through
a hosts file that is mounted over `/etc/hosts` in a mount namespace of the job's own: a step needs no code for a local run.
Standard library only: it runs as a script, isolated from any environment. Its argument is a JSON file:
`{"names": <hosts file>, "outcome": <file to write>, "hosts": [{"name", "command", "env", "cwd", "log"}]}`.

The outcome is `{"host": <name>, "code": <exit code, negative: the signal>}` of the first host that failed,
`{"refused": <reason>}` where the names cannot be given, or `{}` where all went well.
"""

import ctypes
import json
import os
import pathlib
import subprocess
import sys
import time
import typing

MS_BIND = 0x1000  # linux/mount.h
POLL_SECONDS = 0.05
HOSTS_FILE = "/etc/hosts"


def give_names(names: str) -> str:
    """Mount a hosts file over the machine's; return why that is impossible, or ""."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(names.encode(), HOSTS_FILE.encode(), None, ctypes.c_ulong(MS_BIND), None) == 0:
        return ""
    return os.strerror(ctypes.get_errno())


def start(host: dict[str, typing.Any]) -> subprocess.Popen[bytes]:
    """Start one host; it stays in this process's group, which the executor ends as a whole."""
    with pathlib.Path(host["log"]).open("ab") as log:
        return subprocess.Popen(
            host["command"],
            env=host["env"],
            cwd=host["cwd"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def run(spec: dict[str, typing.Any]) -> dict[str, typing.Any]:
    """Run all hosts to their end, or to the first failure; return the outcome."""
    if reason := give_names(spec["names"]):
        return {"refused": reason}
    running = {host["name"]: start(host) for host in spec["hosts"]}
    while running:
        for name, child in list(running.items()):
            code = child.poll()
            if code is None:
                continue
            del running[name]
            if code:
                return {"host": name, "code": code}  # the others wait for it in vain: the executor ends the group
        time.sleep(POLL_SECONDS)
    return {}


if __name__ == "__main__":
    file = pathlib.Path(sys.argv[1])
    given = json.loads(file.read_text(encoding="utf-8"))
    file.unlink()  # it holds the environment of the hosts
    found = run(given)
    pathlib.Path(given["outcome"]).write_text(json.dumps(found), encoding="utf-8")
    sys.exit(1 if found else 0)
