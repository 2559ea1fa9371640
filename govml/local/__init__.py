"""The local account: an AWS emulator on loopback, into which the real CDK CLI deploys. No AWS account is involved.

from govml.local import connection
s3 = connection().client("s3")
"""

from govml.local.access import Connection, connection

__all__ = ["Connection", "connection"]
