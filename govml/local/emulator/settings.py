"""What the starting process hands over to the emulator's process. Imports neither MiniStack nor moto."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PORT = "GOVML_LOCAL_PORT"
ACCOUNT = "GOVML_LOCAL_ACCOUNT"
REGION = "GOVML_LOCAL_REGION"
FIDELITY_FILE = "GOVML_LOCAL_FIDELITY_FILE"


@dataclass(frozen=True)
class EmulatorSettings:
    """Settings of one local account.

    Args:
        port: TCP port on 127.0.0.1.
        account: 12-digit account id of every request.
        region: default region.
        fidelity_file: where the audit of lost properties is written.
    """

    port: int
    account: str
    region: str
    fidelity_file: Path

    @classmethod
    def from_environment(cls) -> EmulatorSettings:
        """Read the settings; a missing variable is a KeyError, because only `govml local up` starts this process."""
        return cls(int(os.environ[PORT]), os.environ[ACCOUNT], os.environ[REGION], Path(os.environ[FIDELITY_FILE]))

    def to_environment(self) -> dict[str, str]:
        """Return the variables from which `from_environment` reads the same settings."""
        return {
            PORT: str(self.port),
            ACCOUNT: self.account,
            REGION: self.region,
            FIDELITY_FILE: str(self.fidelity_file),
        }

    @property
    def endpoint_url(self) -> str:
        """The gateway's address. An IP address makes the SDKs use path-style S3 requests."""
        return f"http://127.0.0.1:{self.port}"
