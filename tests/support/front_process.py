"""A front of its own process over the fake model: `front_process.py FOLDER SPEED`. The state directory names the account."""

import sys
from pathlib import Path

from hosting_stage import FakeProgram

from govml.local import connection
from govml.local.hosting.service import fronted

with fronted(connection(), FakeProgram(), Path(sys.argv[1]), speed=float(sys.argv[2]), tell=print) as front:
    print(f"url {front.url}", flush=True)
    front.reconciler.run()
