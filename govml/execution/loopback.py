"""Brings up the loopback interface of a fresh network namespace, then becomes the command given as arguments.

SageMaker's network isolation cuts a container off from the network but leaves it its own loopback; `unshare -n`
leaves that interface down. Standard library only: it runs as a script, isolated from any environment.
"""

import fcntl
import os
import socket
import struct
import sys

SIOCSIFFLAGS = 0x8914  # linux/sockios.h
IFF_UP = 0x1  # linux/if.h

if __name__ == "__main__":
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - the arguments are the step's command, no shell is wanted
