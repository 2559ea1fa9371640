"""`Personas`: roles for people. Who may take them, what each may do, and that who trains or deploys cannot approve."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from bench import ORGANISATION, RULES, TRUST, BenchStack, Stand
from cfn_templates import ACCOUNT, REGION
from iam_simulator import Request, decide
from identities import Identity

from govml_constructs.identity.persona_statements import PERSONAS, PersonaScope
from govml_constructs.identity.persona_trust import PersonaTrust
from govml_constructs.identity.personas import Personas
from govml_constructs.place import Place, place_of

SAGEMAKER = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
PACKAGE = f"{SAGEMAKER}:model-package/bench-dev-hdb-resale/7"
PIPELINE = f"{SAGEMAKER}:pipeline/bench-dev-hdb-resale"
DOERS = ("DataScientist", "MlEngineer", "DataEngineer")
EVERYBODY = (*DOERS, "Approver", "Auditor")
OURS = {"aws:ResourceTag/Environment": "dev"}
PROVIDER = f"arn:aws:iam::{ACCOUNT}:saml-provider/agency-sso"
PLACE = Place(region=REGION, account=ACCOUNT)
EVERYTHING = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}


@pytest.fixture
def people(bench: Mapping[str, Stand]) -> dict[str, Identity]:
    stand = bench["Personas"]
    return {each.path.split("/")[2]: Identity(each, stand.all()) for each in stand.all("AWS::IAM::Role")}


def role(bench: Mapping[str, Stand], name: str) -> Mapping[str, object]:
    (found,) = [each for each in bench["Personas"].all("AWS::IAM::Role") if f"/{name}/" in each.path]
    return found.properties


# Who may take them


def taken(policy: Mapping[str, object], action: str, principal: str, context: Mapping[str, str]) -> bool:
    return decide([policy], Request(action, "arn:aws:iam::1:role/x", context, principal=principal)) == "allowed"


def test_a_saml_user_signs_in_by_the_named_provider_to_aws_only(people: dict[str, Identity]) -> None:
    trust = people["DataScientist"].trust
    sign_in = {"SAML:aud": "https://signin.aws.amazon.com/saml"}
    assert taken(trust, "sts:AssumeRoleWithSAML", PROVIDER, sign_in)
    assert not taken(trust, "sts:AssumeRoleWithSAML", PROVIDER.replace("agency", "other"), sign_in)
    assert not taken(trust, "sts:AssumeRoleWithSAML", PROVIDER, {"SAML:aud": "https://elsewhere.example"})
    assert not taken(trust, "sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/Engineer", {})


def test_a_named_role_of_the_account_and_organisation_takes_it_and_no_other(people: dict[str, Identity]) -> None:
    trust, caller = people["Approver"].trust, f"arn:aws:iam::{ACCOUNT}:role/Approver"
    ours = {"aws:PrincipalAccount": ACCOUNT, "aws:PrincipalOrgID": ORGANISATION}
    assert taken(trust, "sts:AssumeRole", caller, ours)
    assert not taken(trust, "sts:AssumeRole", caller, {**ours, "aws:PrincipalOrgID": "o-somebodyelse"})
    assert not taken(trust, "sts:AssumeRole", caller, {"aws:PrincipalAccount": ACCOUNT})
    assert not taken(trust, "sts:AssumeRole", caller.replace("Approver", "Engineer"), ours)
    assert not taken(trust, "sts:AssumeRoleWithSAML", PROVIDER, {"SAML:aud": "https://signin.aws.amazon.com/saml"})


def test_a_role_keeps_its_path_in_a_trust(people: dict[str, Identity]) -> None:
    (statement,) = people["DataEngineer"].trust["Statement"]
    assert statement["Principal"] == {"AWS": [f"arn:aws:iam::{ACCOUNT}:role/people/Engineer"]}


@pytest.mark.parametrize("trust", [PersonaTrust(), PersonaTrust(roles=["*"]), PersonaTrust(identity_provider="a*")])
def test_nobody_and_everybody_are_refused(trust: PersonaTrust) -> None:
    with pytest.raises(ValueError, match=r"nobody may take|no wildcard"):
        trust.policy(PLACE)


def test_nobody_brings_tags_of_their_own(people: dict[str, Identity]) -> None:
    # data of a use case is told apart by the caller's tag, so a session may bring none
    assert "TagSession" not in json.dumps([each.trust for each in people.values()])


@pytest.mark.parametrize("name", EVERYBODY)
def test_session_name_path_and_boundary(bench: Mapping[str, Stand], name: str) -> None:
    properties = role(bench, name)
    words = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)
    assert properties["RoleName"] == f"bench-dev.{words[1:]}"
    assert properties["MaxSessionDuration"] == 8 * 3600
    assert properties["Path"] == "/govml/"
    assert properties["PermissionsBoundary"] == f"arn:aws:iam::{ACCOUNT}:policy/AgencyBoundary"
    assert "Policies" not in properties


@pytest.mark.parametrize("hours", [0, 13])
def test_a_session_lasts_1_to_12_hours(scratch: BenchStack, hours: int) -> None:
    names = PersonaScope(place=place_of(scratch), prefix="a-dev", tags={})
    with pytest.raises(ValueError, match="1 to 12 hours"):
        Personas(scratch, "People", names=names, trust=TRUST, rules=RULES, max_session_hours=hours)


@pytest.mark.parametrize("name", ["MlEngineer", "Approver"])
def test_ml_engineer_and_approver_mark_releases_and_tag_nothing_else(people: dict[str, Identity], name: str) -> None:
    group = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package-group/bench-dev-hdb-resale"
    mark = {"aws:TagKeys": "govml-release", "aws:RequestTag/govml-release": "frozen"}
    person = people[name]
    assert person.may("sagemaker:AddTags", group, mark)
    assert not person.may("sagemaker:AddTags", group.replace("-dev-", "-prod-"), mark)
    assert not person.may("sagemaker:AddTags", group, {"aws:TagKeys": "Environment"})
    assert not person.may("sagemaker:AddTags", group)
    assert not people["DataScientist"].may("sagemaker:AddTags", group, mark)


# Separated duties


@pytest.mark.parametrize("name", [*DOERS, "Auditor"])
def test_only_the_approver_approves_whatever_else_is_attached(people: dict[str, Identity], name: str) -> None:
    person = people[name]
    person.policies.append(EVERYTHING)
    for status in ("Approved", "Rejected", "PendingManualApproval"):
        asked = {"sagemaker:ModelApprovalStatus": status}
        assert person.asks("sagemaker:UpdateModelPackage", PACKAGE, asked) == "denied"
    assert person.asks("codepipeline:PutApprovalResult", "arn:aws:codepipeline:::x/Approve/Approve") == "denied"
    approved = {"sagemaker:ModelApprovalStatus": "Approved"}
    assert person.asks("sagemaker:CreateModelPackage", PACKAGE, approved) == "denied"


def test_the_approver_decides_on_models_and_deliveries_of_this_environment(people: dict[str, Identity]) -> None:
    approver = people["Approver"]
    approval = f"arn:aws:codepipeline:{REGION}:{ACCOUNT}:bench-dev-delivery/Approve/Approve"
    for status in ("Approved", "Rejected"):
        decision = {"sagemaker:ModelApprovalStatus": status}
        assert approver.may("sagemaker:UpdateModelPackage", PACKAGE, decision)
        assert not approver.may("sagemaker:UpdateModelPackage", PACKAGE.replace("-dev-", "-prod-"), decision)
        removal = {**decision, "sagemaker:CustomerMetadataPropertiesToRemove": "UseCase"}
        assert not approver.may("sagemaker:UpdateModelPackage", PACKAGE, removal)
    assert not approver.may("sagemaker:UpdateModelPackage", PACKAGE), "a change without a decision is not theirs"
    assert approver.may("codepipeline:PutApprovalResult", approval)
    assert not approver.may("codepipeline:PutApprovalResult", approval.replace("-dev-", "-prod-"))


@pytest.mark.parametrize("name", ["Approver", "Auditor"])
def test_approver_and_auditor_neither_train_nor_deploy_nor_write_whatever_else_is_attached(
    people: dict[str, Identity], name: str
) -> None:
    person = people[name]
    person.policies.append(EVERYTHING)
    for action in (
        "sagemaker:CreateTrainingJob",
        "sagemaker:CreateProcessingJob",
        "sagemaker:CreateHyperParameterTuningJob",
        "sagemaker:StartPipelineExecution",
        "sagemaker:UpdatePipeline",
        "sagemaker:CreateEndpoint",
        "sagemaker:UpdateEndpoint",
        "sagemaker:CreateModelPackage",
        "codepipeline:StartPipelineExecution",
        "s3:PutObject",
        "s3:DeleteObject",
    ):
        assert person.asks(action, PACKAGE) == "denied", action


def test_the_auditor_reads_no_content_whatever_else_is_attached(people: dict[str, Identity]) -> None:
    auditor = people["Auditor"]
    auditor.policies.append(EVERYTHING)
    for action in (
        "athena:StartQueryExecution",
        "athena:GetQueryResults",
        "logs:GetLogEvents",
        "logs:FilterLogEvents",
        "sagemaker:InvokeEndpoint",
        "sagemaker:GetRecord",
        "bedrock:InvokeModel",
        "sqs:ReceiveMessage",
    ):
        assert auditor.asks(action, "*") == "denied", action


def test_the_auditor_changes_nothing(bench: Mapping[str, Stand]) -> None:
    for statement in PERSONAS["auditor"](PersonaScope(place=PLACE, prefix="bench-dev", tags={})):
        if statement.effect == "Allow":
            verbs = {action.split(":")[1] for action in statement.actions}
            assert all(verb.startswith(("Get", "List", "Describe", "Lookup")) for verb in verbs)


def test_the_auditor_sees_keys_roles_and_locks(people: dict[str, Identity]) -> None:
    for action in ("kms:GetKeyPolicy", "iam:GetRole", "s3:GetBucketObjectLockConfiguration", "cloudtrail:LookupEvents"):
        assert people["Auditor"].may(action, "*")


# What each may do


def test_pipelines_are_run_in_this_environment_by_scientist_and_engineer(people: dict[str, Identity]) -> None:
    for name in EVERYBODY:
        runs = name in ("DataScientist", "MlEngineer")
        assert people[name].may("sagemaker:StartPipelineExecution", PIPELINE) is runs
        assert people[name].may("sagemaker:StopPipelineExecution", f"{PIPELINE}/execution/abc") is runs
        assert not people[name].may("sagemaker:StartPipelineExecution", PIPELINE.replace("-dev-", "-prod-"))


def test_the_ml_engineer_alone_deploys(people: dict[str, Identity]) -> None:
    delivery = f"arn:aws:codepipeline:{REGION}:{ACCOUNT}:bench-dev-delivery"
    for name in EVERYBODY:
        assert people[name].may("codepipeline:StartPipelineExecution", delivery) is (name == "MlEngineer")
        endpoint = f"{SAGEMAKER}:endpoint/bench-dev-x"
        assert people[name].may("sagemaker:UpdateEndpointWeightsAndCapacities", endpoint) is (name == "MlEngineer")


def test_what_an_endpoint_serves_is_changed_by_nobody_but_releases(people: dict[str, Identity]) -> None:
    for name in EVERYBODY:
        for action in ("CreateEndpointConfig", "UpdateEndpoint", "CreateModel", "DeleteEndpoint"):
            assert not people[name].may(f"sagemaker:{action}", f"{SAGEMAKER}:endpoint/bench-dev-x")
            assert not people[name].may(f"sagemaker:{action}", f"{SAGEMAKER}:endpoint-config/bench-dev-x")


def test_logs_studio_and_parameters_are_those_with_the_environment_s_tags(people: dict[str, Identity]) -> None:
    scientist = people["DataScientist"]
    profile = f"{SAGEMAKER}:user-profile/d-abc/bench-dev-alice"
    alice = {**OURS, "aws:ResourceTag/govml-studio-user": "alice@agency", "aws:userid": "AROAEXAMPLE:alice@agency"}
    assert scientist.may("sagemaker:CreatePresignedDomainUrl", profile, alice)
    assert not scientist.may("sagemaker:CreatePresignedDomainUrl", profile.replace("-dev-", "-prod-"), alice)
    for missing in OURS:
        others = {key: value for key, value in alice.items() if key != missing}
        assert not scientist.may("sagemaker:CreatePresignedDomainUrl", profile, others)
    for action in ("logs:FilterLogEvents", "logs:StartQuery", "ssm:GetParameter"):
        assert scientist.may(action, "arn:aws:x:::y", OURS)
        assert not scientist.may(action, "arn:aws:x:::y", {"aws:ResourceTag/Environment": "prod"})
        assert not scientist.may(action, "arn:aws:x:::y")


def test_each_opens_their_own_studio_profile_only(people: dict[str, Identity]) -> None:
    """The audit trail names people by their profile: one that opens another's would act under that name."""
    profile = f"{SAGEMAKER}:user-profile/d-abc/bench-dev-alice"
    tagged = {**OURS, "aws:ResourceTag/govml-studio-user": "alice@agency"}
    for name in ("DataScientist", "MlEngineer"):
        ask = people[name].may
        assert ask("sagemaker:CreatePresignedDomainUrl", profile, {**tagged, "aws:userid": "AROA1:alice@agency"})
        assert not ask("sagemaker:CreatePresignedDomainUrl", profile, {**tagged, "aws:userid": "AROA1:bob@agency"})
        assert not ask("sagemaker:CreatePresignedDomainUrl", profile, {**OURS, "aws:userid": "AROA1:alice@agency"})


def test_queries_run_in_the_environment_s_workgroup_only(people: dict[str, Identity]) -> None:
    workgroup = f"arn:aws:athena:{REGION}:{ACCOUNT}:workgroup"
    for name in EVERYBODY:
        assert people[name].may("athena:StartQueryExecution", f"{workgroup}/bench-dev") is (name in DOERS)
        assert not people[name].may("athena:StartQueryExecution", f"{workgroup}/primary")


@pytest.mark.parametrize("name", EVERYBODY)
def test_nobody_manages_identities_keys_or_buckets(people: dict[str, Identity], name: str) -> None:
    for action in (
        "iam:CreateRole",
        "iam:PassRole",
        "iam:TagRole",
        "sts:AssumeRole",
        "kms:PutKeyPolicy",
        "kms:Decrypt",
        "s3:GetObject",  # the zones' own policies say who reads them
        "s3:PutBucketPolicy",
    ):
        assert not people[name].may(action, "*", OURS)


# Protected jobs

PROTECTED = {
    "sagemaker:VpcSubnets": "subnet-1",
    "sagemaker:VolumeKmsKey": "key",
    "sagemaker:InterContainerTrafficEncryption": "true",
    "sagemaker:NetworkIsolation": "true",
}


@pytest.mark.parametrize("name", DOERS)
@pytest.mark.parametrize("action", ["CreateTrainingJob", "CreateProcessingJob", "CreateHyperParameterTuningJob"])
def test_no_unprotected_job_starts_whatever_else_is_attached(
    people: dict[str, Identity], name: str, action: str
) -> None:
    person, job = people[name], f"{SAGEMAKER}:training-job/x"
    person.policies.append(EVERYTHING)
    assert person.asks(f"sagemaker:{action}", job, PROTECTED) == "allowed"
    for missing in PROTECTED:
        rest = {key: value for key, value in PROTECTED.items() if key != missing}
        assert person.asks(f"sagemaker:{action}", job, rest) == "denied", missing
    for flag in ("sagemaker:InterContainerTrafficEncryption", "sagemaker:NetworkIsolation"):
        assert person.asks(f"sagemaker:{action}", job, {**PROTECTED, flag: "false"}) == "denied", flag


@pytest.mark.parametrize("name", DOERS)
def test_no_notebook_or_model_stands_on_the_internet(people: dict[str, Identity], name: str) -> None:
    person = people[name]
    person.policies.append(EVERYTHING)
    notebook = {**PROTECTED, "sagemaker:DirectInternetAccess": "Disabled"}
    assert person.asks("sagemaker:CreateNotebookInstance", "*", notebook) == "allowed"
    assert person.asks("sagemaker:CreateNotebookInstance", "*", PROTECTED) == "denied"
    assert person.asks("sagemaker:CreateModel", "*", {"sagemaker:NetworkIsolation": "true"}) == "denied"
    assert person.asks("sagemaker:CreateEndpointConfig", "*") == "denied"


# Form


def test_every_policy_is_within_iam_s_limits(bench: Mapping[str, Stand]) -> None:
    for policy in bench["Personas"].all("AWS::IAM::ManagedPolicy"):
        text = json.dumps(policy.properties["PolicyDocument"], separators=(",", ":"))
        assert len(text) <= 6144, policy.path  # IAM counts without white space
    for person in bench["Personas"].all("AWS::IAM::Role"):
        assert len(person.properties["ManagedPolicyArns"]) <= 10
        trust = json.dumps(person.properties["AssumeRolePolicyDocument"], separators=(",", ":"))
        assert len(trust) <= 2048
