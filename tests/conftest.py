"""What holds for every test: no real credentials, no look-up of an instance role, a quick and quiet CDK.

It stands here because CDK's Node process takes its environment once, when the first test file imports `aws_cdk`.
"""

from __future__ import annotations

import functools
import gc
import os
import signal

import botocore.session
from hypothesis import settings

_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_DEFAULT_REGION": "ap-southeast-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "CDK_VALIDATION": "false",  # CDK's own validation costs six seconds per synth; CI runs it once, with the gate
    "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",  # 600 images with ids drawn for each account in memory; nothing here asks for one
    "OMP_NUM_THREADS": "1",  # of jobs on small samples: waking a second thread costs more than it saves
}

for _name in [name for name in os.environ if name.startswith(("AWS_", "CDK_"))]:
    del os.environ[_name]
os.environ.update(_ENVIRONMENT)

# A shell starts what runs in its background deaf to Ctrl-C, and Python and its children stay so; some tests press it.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("any machine", deadline=None)  # a busy machine is no failure
settings.load_profile("any machine")

# Each session of boto3 parses the models of its services anew, 80 ms for a queue's. They never change: one reader for all.
botocore.session.create_loader = functools.cache(botocore.session.create_loader)


# Sessions live with a large heap of templates, service models and URL patterns, made and dropped by the ten thousand: at
# the default of 700 new objects, looking for cycles costs a third of making a client, and most of starting moto.
gc.set_threshold(50_000, 20, 100)


def pytest_collection_finish() -> None:
    """Tell the garbage collector that what was imported and collected stays: it need not look through it again."""
    gc.collect()
    gc.freeze()
