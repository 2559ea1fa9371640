"""Generative models behind a guardrail, and the three vector stores."""

from __future__ import annotations

from aws_cdk import RemovalPolicy

from bench.ground import Ground
from bench.names import MODELS, RULES
from govml_constructs.ai.guardrail import Guardrail, GuardrailRules
from govml_constructs.ai.model_access import ModelAccessPolicy
from govml_constructs.ai.model_invocation_log import ModelInvocationLog
from govml_constructs.ai.vector_store.vector_collection import VectorCollection
from govml_constructs.ai.vector_store.vector_database import VectorDatabase
from govml_constructs.ai.vector_store.vector_index import VectorIndex


def add_ai_service(bench: Ground) -> None:
    stack, add = bench.stack, bench.add
    rules = GuardrailRules(
        blocked_message="Blocked.",
        personal_data={"EMAIL": "ANONYMIZE", "PASSWORD": "BLOCK"},
        patterns={"NRIC": (r"[STFGM]\d{7}[A-Z]", "BLOCK")},
    )
    guardrail = add(Guardrail(stack, "Guardrail", name="bench-guardrail", key=bench.key, rules=rules))
    add(
        ModelAccessPolicy(
            stack,
            "ModelAccess",
            models=MODELS,
            guardrail_arn=guardrail.arn,
            guardrail_version=guardrail.version.attr_version,
            guardrail_key=bench.key,
            rules=RULES,
        )
    )
    add(
        ModelInvocationLog(
            stack,
            "InvocationLog",
            key=bench.logs_key,
            retention_days=400,
            subscription=bench.subscription,
            settings_log=bench.log,
            failures=bench.topic,
            rules=RULES,
            removal_policy=RemovalPolicy.RETAIN,
        )
    )


def add_vector_stores(bench: Ground) -> None:
    stack, add = bench.stack, bench.add
    callers = {"Jobs": bench.constructs["JobTier"], "Given": bench.constructs["GivenTier"]}
    roles = bench.personas.role_arns
    add(VectorIndex(stack, "VectorIndex", dimensions=1024, distance="cosine", key=bench.key, path=RULES.path))
    database = add(
        VectorDatabase(
            stack,
            "VectorDatabase",
            name="bench-vectors",
            vpc=bench.vpc,
            subnet_ids=bench.subnet_ids,
            callers=callers,
            key=bench.key,
            logs_key=bench.logs_key,
            retention_days=400,
            subscription=bench.subscription,
            path=RULES.path,
        )
    )
    for part in ("Rules", "Access"):
        add(database.node.find_child(part))
    add(
        VectorCollection(
            stack,
            "VectorCollection",
            name="bench-vectors",
            vpc=bench.vpc,
            subnet_ids=bench.subnet_ids,
            callers=callers,
            key=bench.key,
            readers=[roles["data_scientist"]],
            writers=[roles["data_engineer"]],
            path=RULES.path,
        )
    )
