"""When a step is run again, and when it need not be run at all."""

from __future__ import annotations

from typing import Any, Final

from sagemaker.mlops.workflow import (
    CacheConfig,
    SageMakerJobExceptionTypeEnum,
    SageMakerJobStepRetryPolicy,
    StepExceptionTypeEnum,
    StepRetryPolicy,
)

#: A step whose arguments were seen in the last 30 days gives what it gave then. The service compares addresses, not what
#: lies there, so only steps whose inputs have an address of their own may have it. Where outputs go is not compared
#: (SageMaker developer guide, "Caching pipeline steps").
CACHE_30_DAYS: Final = CacheConfig(enable_caching=True, expire_after="P30D")


def retries() -> list[Any]:
    """Retry what is the platform's fault; a failing step is the code's or the data's fault and is not run again."""
    return [
        StepRetryPolicy(
            exception_types=[StepExceptionTypeEnum.SERVICE_FAULT, StepExceptionTypeEnum.THROTTLING],
            interval_seconds=10,
            max_attempts=3,
        ),
        SageMakerJobStepRetryPolicy(
            exception_types=[
                SageMakerJobExceptionTypeEnum.CAPACITY_ERROR,
                SageMakerJobExceptionTypeEnum.INTERNAL_ERROR,
            ],
            interval_seconds=60,
            max_attempts=3,
        ),
    ]
