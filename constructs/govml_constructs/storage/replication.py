"""Why no bucket is replicated, acknowledged once for each group of buckets."""

from __future__ import annotations

from constructs import Construct

from govml_constructs.validation.acknowledgement import acknowledge


def acknowledge_no_replication(scope: Construct) -> None:
    """Acknowledge, once for all buckets below `scope`, that they are not replicated."""
    acknowledge(
        scope,
        "NIST.800.53.R5-S3BucketReplicationEnabled",
        reason=(
            "Data stays in the one allowed region (data residency, control DP-1), so there is no second region to "
            "replicate to; versioning and retention protect against deletion, and S3 keeps each object in three zones."
        ),
        owner="data-protection",
        expires="2027-11-20",
    )
