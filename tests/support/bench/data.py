"""Buckets, the lake's zones, its catalogue and tables, and the warehouse."""

from __future__ import annotations

from cfn_templates import ACCOUNT

from bench.ground import Ground
from bench.names import RULES
from govml_constructs.identity.source_access import SourceDataPolicy, SourceFetchPolicy
from govml_constructs.identity.tracking_access import TrackingArtifactPolicy
from govml_constructs.identity.use_case_access import UseCaseDataPolicy
from govml_constructs.storage.access_log_bucket import AccessLogBucket
from govml_constructs.storage.audit_store import AuditStore
from govml_constructs.storage.curated_tables import CuratedTablesPolicy
from govml_constructs.storage.data_catalogue import DataCatalogue
from govml_constructs.storage.lake_formation import LakeFormation, TableGrant
from govml_constructs.storage.lake_zones import LakeZones
from govml_constructs.storage.replication import acknowledge_no_replication
from govml_constructs.storage.secure_bucket import SecureBucket
from govml_constructs.storage.source_tables import SourceTables
from govml_constructs.storage.warehouse import Warehouse
from govml_constructs.storage.zone_grants import ZoneGrants
from govml_constructs.storage.zone_lifecycle import ZoneLifecycle


def add_data(bench: Ground) -> None:
    stack, add = bench.stack, bench.add
    logs = add(AccessLogBucket(stack, "AccessLogs", retention_days=400)).bucket
    bench.bucket = add(
        SecureBucket(stack, "Bucket", key=bench.key, access_logs=logs.bucket_name, log_prefix="bucket")
    ).bucket
    for bucket in (logs, bench.bucket):
        acknowledge_no_replication(bucket)
    roles = bench.personas.role_arns
    audit = add(
        AuditStore(
            stack,
            "Audit",
            key=bench.logs_key,
            log_retention_days=400,
            lock="COMPLIANCE",
            evidence_days=1096,
            grants=ZoneGrants(readers=[roles["auditor"]]),
        )
    )
    add(audit.node.find_child("Evidence"))
    bench.evidence = audit.evidence
    raw = ZoneGrants(writers=[roles["data_engineer"]], closed_to=[roles["data_scientist"], roles["auditor"]])
    artifacts = ZoneGrants(readers=[roles["data_scientist"]], result_writers=[roles["data_scientist"]])
    bench.lake = add(
        LakeZones(
            stack,
            "Lake",
            zones={"raw": bench.key, "artifacts": bench.logs_key, "elsewhere": bench.key},
            access_logs=logs.bucket_name,
            noncurrent_days=30,
            lifecycles={"raw": ZoneLifecycle(cool_after={"": 90}, expire_after={"athena-results/": 7})},
            grants={"raw": raw, "artifacts": artifacts},
            imported={"elsewhere": "bucket-of-somebody"},
            announced=["raw", "elsewhere"],
        )
    )
    loads = add(
        CuratedTablesPolicy(
            stack, "CuratedTables", curated=bench.constructs["Lake"].buckets["raw"], key=bench.key, rules=RULES
        )
    )
    add(
        Warehouse(
            stack,
            "Warehouse",
            name="bench-warehouse",
            database="analytics",
            key=bench.key,
            logs_key=bench.logs_key,
            retention_days=400,
            subscription=bench.subscription,
            loads=loads.policy,
            vpc_id=bench.vpc.vpc_id,
            subnet_ids=[*bench.subnet_ids, "subnet-0123456789abcdef2"],
            callers={"Jobs": bench.constructs["JobTier"], "Given": bench.constructs["GivenTier"]},
            endpoints=bench.constructs["EndpointTier"],
            base_capacity_rpu=8,
            rules=RULES,
        )
    )
    bench.data_policy = add(
        UseCaseDataPolicy(
            stack,
            "UseCaseData",
            readable=[bench.lake.buckets["raw"]],
            writable=[bench.lake.buckets["artifacts"]],
            keys=[bench.key],
            rules=RULES,
            source_data={bench.bucket: ["table", "manifests"]},
        )
    ).policy
    raw = bench.lake.buckets["raw"]
    bench.source_policy = add(
        SourceDataPolicy(stack, "SourceData", raw=raw, curated=bench.bucket, keys=[bench.key], rules=RULES)
    ).policy
    bench.fetch_policy = add(SourceFetchPolicy(stack, "SourceFetch", raw=raw, keys=[bench.key], rules=RULES)).policy
    add(
        TrackingArtifactPolicy(
            stack, "TrackingArtifacts", bucket=bench.lake.buckets["artifacts"], prefix="mlflow", rules=RULES
        )
    )
    add(DataCatalogue(stack, "Catalogue", name="bench-dev", results_uri="s3://results/athena/", key=bench.key))
    add(
        LakeFormation(
            stack,
            "Formation",
            prefix="bench-dev",
            database="bench_dev",
            quarantine_tables=["sales_quarantine"],
            classification="restricted",
            curated=bench.constructs["Lake"].buckets["raw"],
            key=bench.key,
            administrators=[f"arn:aws:iam::{ACCOUNT}:role/lake-admin"],
            grants={
                "Scientist": TableGrant(f"arn:aws:iam::{ACCOUNT}:role/scientist", ["DESCRIBE", "SELECT"]),
                "Engineer": TableGrant(
                    f"arn:aws:iam::{ACCOUNT}:role/engineer", ["SELECT", "ALTER"], ["curated", "quarantine"]
                ),
            },
            rules=RULES,
        )
    )
    add(
        SourceTables(
            stack,
            "SourceTables",
            database="bench_dev",
            source="sales",
            title="Sales",
            location="s3://curated/sales",
            quarantine={"reason": "string"},
            history={"price": ("double", "Price in dollars"), "change": ("string", "")},
        )
    )
