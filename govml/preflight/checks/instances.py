"""SageMaker's quotas allow the instances that the pipelines ask for; they are zero for many types in a new account."""

from __future__ import annotations

import re
from collections.abc import Iterator

from govml.preflight.check import Check, Result, Source, unanswered
from govml.preflight.plan import Plan
from govml.preflight.question import Question, ask

QUOTAS = ask("service-quotas", "list-service-quotas", ServiceCode="sagemaker")
_JOBS = ("processing", "training")  # quota names: "ml.m5.large for training job usage"
_INSTANCE = re.compile(r"ml\.[a-z0-9-]+\.[a-z0-9]+")


def questions(plan: Plan) -> list[Question]:
    """Ask only when a pipeline runs jobs."""
    return [QUOTAS] if _instance_types(plan) else []


def judge(plan: Plan, source: Source) -> Iterator[Result]:
    """Look up the quota of each instance type and kind of job."""
    types = _instance_types(plan)
    if not types:
        return
    answer = source.answer(QUOTAS)
    if answer.error:
        yield unanswered(", ".join(types), QUOTAS, answer)
        return
    quotas = {str(row.get("QuotaName")): row.get("Value") for row in answer.rows("Quotas")}
    for instance_type in types:
        for job in _JOBS:
            name = f"{instance_type} for {job} job usage"
            value = quotas.get(name)
            if not isinstance(value, (int, float)):
                yield Result("unknown", name, "Service Quotas lists no such quota")
            elif value < 1:
                yield Result(
                    "fail", name, f"quota {value:g}", f'ask for more: Service Quotas, Amazon SageMaker, "{name}"'
                )
            else:
                yield Result("pass", name, f"quota {value:g}")


def _instance_types(plan: Plan) -> list[str]:
    if not plan.resources("AWS::SageMaker::Pipeline"):
        return []
    stated = {str(use_case.instance_type) for use_case in plan.settings.use_cases.values()}
    return sorted(name for name in stated if _INSTANCE.fullmatch(name))


CHECK = Check("sagemaker-instances", questions, judge)
