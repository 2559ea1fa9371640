"""`PipelineRoles`: the two roles of one pipeline: who starts jobs, and as whom the jobs run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.place import PlacedConstruct, place_of


class PipelineRoles(PlacedConstruct):
    """The pipeline role may start and watch jobs and register packages; the job role may touch data. Neither may approve.

    Args:
        subject: what the pipeline is about, as the roles' descriptions name it: `the use case hdb-resale`.
        tags: the roles' tags, and with them their data prefix and registry.
        pipeline_policies: policies of the pipeline role.
        job_policies: policies of the job role (data, platform).
        job_statements: further statements of the job role (MLflow, the code archive).
        rules: path and permissions boundary.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        subject: str,
        tags: Mapping[str, str],
        pipeline_policies: Sequence[CustomerPolicy],
        job_policies: Sequence[CustomerPolicy],
        job_statements: Sequence[Statement],
        rules: RoleRules,
    ) -> None:
        super().__init__(scope, construct_id)
        on_behalf_of = [place_of(self).arn("sagemaker", "*")]
        self.job = ServiceRole(
            self,
            "Job",
            service="sagemaker.amazonaws.com",
            description=f"Jobs of {subject}",
            rules=rules,
            policies=job_policies,
            statements=job_statements,
            source_arns=on_behalf_of,
            tags=tags,
        )
        self.pipeline = ServiceRole(
            self,
            "Pipeline",
            service="sagemaker.amazonaws.com",
            description=f"Orchestrates the pipeline of {subject}",
            rules=rules,
            policies=pipeline_policies,
            statements=[
                Statement(
                    sid="PassJobRole",
                    actions=["iam:PassRole"],
                    resources=[self.job.role_arn],
                    conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
                )
            ],
            source_arns=on_behalf_of,
            tags=tags,
        )
