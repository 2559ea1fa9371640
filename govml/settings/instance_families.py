"""SageMaker instance types by family: which host endpoints, which run transforms, which take no key of ours."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

InstanceType = Annotated[str, Field(pattern=r"^ml\.[a-z0-9-]+\.[a-z0-9]+$")]

# SageMaker API reference, `ProductionVariant`, `InstanceType`; a test compares with the service model of botocore.
_HOSTING = (
    "c4 c5 c5d c6g c6gd c6gn c6i c6in c7g c7i c8g dl1 g4dn g5 g6 g6e g7 g7e inf1 inf2 m4 m5 m5d m6g m6gd m6i m7i m8g "
    "p2 p3 p4d p4de p5 p5e p5en p6-b200 p6-b300 p6e-gb200 r5 r5d r6g r6gd r6i r7gd r7i r8g t2 trn1 trn1n trn2"
)
ENDPOINT_FAMILIES = frozenset(_HOSTING.split())
# SageMaker API reference, `TransformResources`, `InstanceType`.
_TRANSFORMING = "c4 c5 c6i c7i g4dn g5 g6 g6e inf2 m4 m5 m6i m7i p2 p3 r6i r7i trn1"
TRANSFORM_FAMILIES = frozenset(_TRANSFORMING.split())
# SageMaker API reference, `ProcessingClusterConfig`, `InstanceType`.
_PROCESSING = (
    "c4 c5 c6i c7i c7i-flex c8i c8i-flex g4dn g5 g6 g6e g7 g7e m4 m5 m6i m7i m7i-flex m8i m8i-flex p2 p3 p5 r5 r5d r6i r7i "
    "r8i r8i-flex t3"
)
PROCESSING_FAMILIES = frozenset(_PROCESSING.split())

# Instances with local storage: SageMaker refuses a key for them, their disks are encrypted by hardware (SageMaker API
# reference, `ResourceConfig`, `VolumeKmsKeyId`).
_LOCAL_STORAGE = re.compile(r"ml\.(?:[a-z]+\d+[a-z]*d[a-z]*|gr?[5-9]e?|p[5-9][a-z]*|trn\d\w*|i\d\w*)(?:-\w+)?\.")


def family(instance_type: str) -> str:
    """Return the family of an instance type: `m5` of `ml.m5.large`."""
    return instance_type.split(".")[1]


def takes_no_key(instance_type: str) -> bool:
    """Return whether SageMaker refuses a key for the type's disks."""
    return _LOCAL_STORAGE.match(instance_type) is not None
