"""`JobRuntimePolicy` and `PipelineRuntimePolicy`: only protected jobs start, and who trains cannot approve."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from bench import SLUG, Stand
from cfn_templates import ACCOUNT, REGION
from identities import Identity

from govml_constructs.ml.job_access import TUNING_STEP
from stacks.environment.context import REPOSITORY

SAGEMAKER = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
PROTECTED = {
    "sagemaker:VpcSubnets": "subnet-1",
    "sagemaker:VolumeKmsKey": "key",
    "sagemaker:InterContainerTrafficEncryption": "true",
}
ISOLATED = {**PROTECTED, "sagemaker:NetworkIsolation": "true"}
SEARCH = (
    "sagemaker:CreateHyperParameterTuningJob",
    f"{SAGEMAKER}:hyper-parameter-tuning-job/abcdefghijkl-Tune-xyz0123456",
)
STARTS = [
    ("sagemaker:CreateProcessingJob", f"{SAGEMAKER}:processing-job/pipelines-abc-Validate-xyz"),
    ("sagemaker:CreateTrainingJob", f"{SAGEMAKER}:training-job/pipelines-abc-Train-xyz"),
]


def role(bench: Mapping[str, Stand], kind: str) -> Identity:
    (found,) = [each for each in bench["Roles"].all("AWS::IAM::Role") if f"/{kind}/" in each.path]
    return Identity(found, bench["Roles"].template.all())


@pytest.fixture
def pipeline(bench: Mapping[str, Stand]) -> Identity:
    return role(bench, "Pipeline")


@pytest.fixture
def job(bench: Mapping[str, Stand]) -> Identity:
    return role(bench, "Job")


@pytest.mark.parametrize(("action", "resource"), STARTS)
def test_a_protected_job_starts(pipeline: Identity, action: str, resource: str) -> None:
    assert pipeline.may(action, resource, PROTECTED)


@pytest.mark.parametrize(("action", "resource"), STARTS)
@pytest.mark.parametrize("missing", PROTECTED)
def test_a_job_without_vpc_volume_key_or_traffic_encryption_does_not_start(
    pipeline: Identity, action: str, resource: str, missing: str
) -> None:
    context = {key: value for key, value in PROTECTED.items() if key != missing}
    assert not pipeline.may(action, resource, context)


@pytest.mark.parametrize(("action", "resource"), STARTS)
def test_a_job_with_traffic_in_the_clear_does_not_start(pipeline: Identity, action: str, resource: str) -> None:
    assert not pipeline.may(action, resource, {**PROTECTED, "sagemaker:InterContainerTrafficEncryption": "false"})


@pytest.mark.parametrize(("action", "resource"), STARTS)
def test_only_jobs_of_pipelines_start(pipeline: Identity, action: str, resource: str) -> None:
    assert not pipeline.may(action, resource.replace("pipelines-", "mine-"), PROTECTED)


def test_a_protected_search_starts(pipeline: Identity) -> None:
    assert pipeline.may(*SEARCH, ISOLATED)


@pytest.mark.parametrize("missing", ISOLATED)
def test_a_search_without_protection_of_its_trials_does_not_start(pipeline: Identity, missing: str) -> None:
    assert not pipeline.may(*SEARCH, {key: value for key, value in ISOLATED.items() if key != missing})
    if ISOLATED[missing] == "true":
        assert not pipeline.may(*SEARCH, {**ISOLATED, missing: "false"})


def test_only_searches_of_its_step_start_and_are_watched(pipeline: Identity) -> None:
    action, resource = SEARCH
    assert not pipeline.may(action, resource.replace("-Tune-", "-mine-"), ISOLATED)
    for watching in ("Describe", "Stop", "ListTrainingJobsFor"):
        name = f"sagemaker:{watching}HyperParameterTuningJob"
        assert pipeline.may(name, resource)
        assert not pipeline.may(name, resource.replace("-Tune-", "-mine-"))
    assert not pipeline.may("sagemaker:DeleteHyperParameterTuningJob", resource)


def test_a_job_starts_no_search(job: Identity) -> None:
    assert not job.may(*SEARCH, ISOLATED)


def test_the_tuning_step_has_the_name_that_the_policy_knows() -> None:
    definition = json.loads((REPOSITORY / "pipeline_code/usecases/hdb_resale/definition.json").read_text())
    assert [step["Name"] for step in definition["Steps"] if step["Type"] == "Tuning"] == [TUNING_STEP]


def test_it_registers_into_its_own_group_only(pipeline: Identity) -> None:
    for name in (f"bench-dev-{SLUG}", "bench-dev-other", f"other-{SLUG}"):
        mine = name == f"bench-dev-{SLUG}"
        assert pipeline.may("sagemaker:CreateModelPackage", f"{SAGEMAKER}:model-package/{name}/1") is mine
        assert pipeline.may("sagemaker:CreateModelPackage", f"{SAGEMAKER}:model-package-group/{name}") is mine
        assert pipeline.may("sagemaker:DescribeModelPackageGroup", f"{SAGEMAKER}:model-package-group/{name}") is mine


@pytest.mark.parametrize("kind", ["Pipeline", "Job"])
def test_who_trains_cannot_approve(bench: Mapping[str, Stand], kind: str) -> None:
    package = f"{SAGEMAKER}:model-package/bench-dev-{SLUG}/1"
    for action in ("UpdateModelPackage", "DeleteModelPackage", "PutModelPackageGroupPolicy"):
        assert not role(bench, kind).may(f"sagemaker:{action}", package)


def test_a_package_is_registered_as_pending_never_as_approved(pipeline: Identity) -> None:
    package = f"{SAGEMAKER}:model-package/bench-dev-{SLUG}/1"
    for status, decision in (("PendingManualApproval", "allowed"), ("Approved", "denied")):
        asked = {"sagemaker:ModelApprovalStatus": status}
        assert pipeline.asks("sagemaker:CreateModelPackage", package, asked) == decision
    assert pipeline.may("sagemaker:CreateModelPackage", package)  # without a status, SageMaker makes it pending


@pytest.mark.parametrize(("action", "resource"), STARTS)
def test_a_job_starts_no_further_job(job: Identity, action: str, resource: str) -> None:
    assert not job.may(action, resource, PROTECTED)


def test_a_job_writes_its_own_log_group_and_makes_none(bench: Mapping[str, Stand], job: Identity) -> None:
    log_group = bench["LogGroup"].one("AWS::Logs::LogGroup").arn
    assert job.may("logs:PutLogEvents", log_group)
    assert not job.may("logs:PutLogEvents", f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/other:*")
    assert not job.may("logs:CreateLogGroup", log_group)
    assert not job.may("logs:DeleteLogStream", log_group)


def test_a_job_puts_metrics_of_the_platform_s_namespaces_only(job: Identity) -> None:
    for namespace, allowed in (("/aws/sagemaker/TrainingJobs", True), ("GovML/Quality", True), ("AWS/Billing", False)):
        assert job.may("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": namespace}) is allowed
    assert not job.may("cloudwatch:PutMetricData", "*")


def test_a_job_opens_interfaces_in_the_platform_s_subnets_only(bench: Mapping[str, Stand], job: Identity) -> None:
    subnets = [each.name for each in bench["Network"].all("AWS::EC2::Subnet")]
    ec2 = f"arn:aws:ec2:{REGION}:{ACCOUNT}"
    for subnet in subnets:
        assert job.may("ec2:CreateNetworkInterface", f"{ec2}:subnet/{subnet}")
    assert not job.may("ec2:CreateNetworkInterface", f"{ec2}:subnet/subnet-of-somebody-else")
    assert not job.may("ec2:CreateNetworkInterface", f"{ec2}:security-group/sg-of-somebody-else")
    interface = f"{ec2}:network-interface/eni-1"
    permission, inside = "ec2:CreateNetworkInterfacePermission", {"ec2:Subnet": f"{ec2}:subnet/{subnets[0]}"}
    for service, allowed in (("sagemaker.amazonaws.com", True), ("lambda.amazonaws.com", False)):
        assert job.may(permission, interface, {**inside, "ec2:AuthorizedService": service}) is allowed
    assert not job.may(permission, interface, inside)
    assert not job.may(permission, interface, {"ec2:AuthorizedService": "sagemaker.amazonaws.com"})
    assert job.may("ec2:DeleteNetworkInterface", interface, {"ec2:Subnet": f"{ec2}:subnet/{subnets[0]}"})
    assert not job.may("ec2:DeleteNetworkInterface", interface, {"ec2:Subnet": f"{ec2}:subnet/other"})


def test_a_job_pulls_the_platform_s_images_and_pushes_none(bench: Mapping[str, Stand], job: Identity) -> None:
    repository = bench["Images"].one("AWS::ECR::Repository").arn
    assert job.may("ecr:BatchGetImage", repository)
    assert not job.may("ecr:BatchGetImage", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/other")
    assert not job.may("ecr:PutImage", repository)


def test_a_job_hands_its_keys_to_aws_services_only(bench: Mapping[str, Stand], job: Identity) -> None:
    key = bench["DataKey"].one("AWS::KMS::Key").arn
    other, for_aws = bench["LogsKey"].one("AWS::KMS::Key").arn, {"kms:GrantIsForAWSResource": "true"}
    assert job.may("kms:CreateGrant", key, for_aws)
    assert not job.may("kms:CreateGrant", key)
    assert not job.may("kms:CreateGrant", other, for_aws)
