"""Packages, builds, the delivery pipeline, and the promoter between two environments."""

from __future__ import annotations

from cfn_templates import ACCOUNT, REGION

from bench.ground import Ground
from bench.names import RULES, SLUG
from govml_constructs.delivery.build_access import BuildAccess
from govml_constructs.delivery.build_project import BuildProject
from govml_constructs.delivery.build_statements import deploy_statements, orchestrate_statements
from govml_constructs.delivery.delivery_pipeline import DeliveryPipeline, Source
from govml_constructs.delivery.package_repository import PackageRepository
from govml_constructs.identity.persona_trust import PersonaTrust
from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.place import place_of
from govml_constructs.release.promoter_role import PromoterRole
from govml_constructs.release.promoter_statements import Served, Stores, checking, handing_in, reading
from govml_constructs.release.promotion_contract import PromotionContract, Side

_CONNECTION = f"arn:aws:codeconnections:{REGION}:{ACCOUNT}:connection/00000000-0000-4000-8000-000000000000"


def add_delivery(bench: Ground) -> None:
    stack, add = bench.stack, bench.add
    packages = add(PackageRepository(stack, "Packages", name="bench-packages", key=bench.key))
    access = add(
        BuildAccess(
            stack,
            "BuildAccess",
            key=bench.key,
            subnet_arns=bench.subnet_arns,
            security_group_arns=[bench.group_arn],
            statements=packages.read_statements(),
            rules=RULES,
        )
    )
    builder = add(
        ServiceRole(
            stack,
            "BuildRole",
            service="codebuild.amazonaws.com",
            description="Builds",
            rules=RULES,
            policies=[access.artefacts, access.runtime],
            statements=deploy_statements(place_of(stack), "hnb659fds"),
        )
    )
    build = add(
        BuildProject(
            stack,
            "Build",
            name="bench-build",
            buildspec={"version": 0.2, "phases": {"build": {"commands": ["make test"]}}},
            environment={"CONFIG": "config/sandbox.yaml"},
            role=builder,
            key=bench.key,
            log_group=bench.log,
            vpc_id=bench.vpc.vpc_id,
            subnet_ids=bench.subnet_ids,
            security_group_id=bench.group_id,
        )
    )
    runner = add(
        ServiceRole(
            stack,
            "DeliveryRole",
            service="codepipeline.amazonaws.com",
            description="Delivers",
            rules=RULES,
            policies=[access.artefacts],
            statements=orchestrate_statements(
                _CONNECTION, [build.resource.attr_arn], bench.topic.topic_arn, bench.logs_key.key_arn
            ),
        )
    )
    for construct_id, topic in (("Delivery", None), ("GuardedDelivery", bench.topic.topic_arn)):
        add(
            DeliveryPipeline(
                stack,
                construct_id,
                name=f"bench-{construct_id.lower()}",
                source=Source(connection_arn=_CONNECTION, repository="agency/repository", branch="main"),
                verify=build,
                deploy=build,
                role=runner,
                artifact_bucket=bench.bucket.bucket_name,
                key=bench.key,
                approval_topic_arn=topic,
            )
        )


def add_promotion(bench: Ground) -> None:
    source, target = (Side("aws", REGION, ACCOUNT, f"bench-{name}") for name in ("dev", "uat"))
    name = "bench-uat.promoter"
    contract = PromotionContract(source, target, {SLUG: f"bench-dev-{SLUG}"}, f"arn:aws:iam::{ACCOUNT}:role/{name}")
    place = place_of(bench.stack)
    stores = [
        Stores(
            place.arn("s3", f"{each}-artifacts", region="", account=""),
            place.arn("s3", f"{each}-evidence", region="", account=""),
            (bench.key.key_arn,),
        )
        for each in ("dev", "uat")
    ]
    parameters = [place.arn("ssm", "parameter/govml/bench/uat/data/artifacts-bucket")]
    served = Served(f"bench-uat-{SLUG}", f"bench-uat-{SLUG}", f"bench-uat-Serving-{SLUG}")
    checks = checking(target, stores[1], {SLUG: served}, parameters)
    handed = handing_in(contract, stores[1], {SLUG: f"bench-uat-{SLUG}"})
    bench.add(
        PromoterRole(
            bench.stack,
            "Promoter",
            name=name,
            trust=PersonaTrust(roles=["Engineer"]).policy(place),
            statements=[*reading(contract, stores[0]), *handed, *checks],
            rules=RULES,
        )
    )
