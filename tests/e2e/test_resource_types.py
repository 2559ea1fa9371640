"""Every resource type that the local account knows: created, read back, changed, refused when it should be, deleted."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from all_types import ref, template, trust
from botocore.exceptions import ClientError, WaiterError

from govml.local import Connection
from govml.local.report import read_report
from govml.local.state import fidelity_file

pytestmark = pytest.mark.local_account

STACK = "AllTypes"
QUICK = {"Delay": 0.2, "MaxAttempts": 600}

# What the emulator cannot show although the template states it. Nothing of it is in our own stacks, but for who signs people
# in to Grafana, which no agency file that is deployed here has.
KNOWN_LOSSES = {
    ("AWS::APS::Workspace", "KmsKeyArn"),
    ("AWS::Grafana::Workspace", "AuthenticationProviders"),
    ("AWS::StepFunctions::StateMachine", "TracingConfiguration.Enabled"),
    ("AWS::S3Vectors::Index", "MetadataConfiguration.NonFilterableMetadataKeys"),
}


class Stacks:
    """CloudFormation without the CDK: one call, and wait."""

    def __init__(self, connection: Connection) -> None:
        self.client = connection.client("cloudformation")

    def run(self, verb: str, name: str, body: dict[str, Any] | None = None) -> str:
        """Create, update or delete a stack; return its status in the end."""
        if verb == "delete":
            self.client.delete_stack(StackName=name)
        else:
            call = getattr(self.client, f"{verb}_stack")
            call(StackName=name, TemplateBody=json.dumps(body), Capabilities=["CAPABILITY_NAMED_IAM"])
        with suppress(WaiterError):  # it waits for the good end only; the status tells which it was
            self.client.get_waiter(f"stack_{verb}_complete").wait(StackName=name, WaiterConfig=QUICK)
        try:
            return str(self.client.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])
        except ClientError:
            return "DELETE_COMPLETE"

    def failure(self, name: str) -> str:
        """Why the first resource failed in the last operation on a stack; events come newest first."""
        pages = self.client.get_paginator("describe_stack_events").paginate(StackName=name)
        reason = ""
        for event in (event for page in pages for event in page["StackEvents"]):
            own = event["LogicalResourceId"] == name
            if own and event["ResourceStatus"] in {f"{verb}_IN_PROGRESS" for verb in ("CREATE", "UPDATE", "DELETE")}:
                break
            if not own and event["ResourceStatus"].endswith("FAILED"):
                reason = event.get("ResourceStatusReason") or reason
        return reason

    def ids(self, name: str) -> dict[str, str]:
        """Logical id -> physical id."""
        pages = self.client.get_paginator("list_stack_resources").paginate(StackName=name)
        return {
            r["LogicalResourceId"]: r["PhysicalResourceId"] for page in pages for r in page["StackResourceSummaries"]
        }


@pytest.fixture(scope="module")
def stacks(bare_account: Connection) -> Stacks:
    return Stacks(bare_account)


@pytest.fixture(scope="module")
def created(stacks: Stacks) -> Iterator[dict[str, str]]:
    """Physical ids of one resource of each type."""
    status = stacks.run("create", STACK, template())
    assert status == "CREATE_COMPLETE", stacks.failure(STACK)
    yield stacks.ids(STACK)
    stacks.run("delete", STACK)


def entries(stack: str) -> list[dict[str, Any]]:
    return [entry for entry in json.loads(fidelity_file().read_text()) if entry["stack"] == stack]


class TestCreate:
    def test_every_type_was_read_back_and_only_known_properties_are_lost(self, created: dict[str, str]) -> None:
        assert all(entry["audited"] for entry in entries(STACK))
        lost = {(entry["type"], path) for entry in entries(STACK) for path in entry["lost"]}
        assert lost == KNOWN_LOSSES

    def test_the_report_shows_all_three_tiers(self, created: dict[str, str]) -> None:
        assert {row.tier for row in read_report()} == {"native", "backed", "recorded only"}

    def test_the_custom_resource_really_ran(
        self, created: dict[str, str], stacks: Stacks, bare_account: Connection
    ) -> None:
        (output,) = stacks.client.describe_stacks(StackName=STACK)["Stacks"][0]["Outputs"]
        assert output["OutputValue"] == "hello govml"
        written = bare_account.client("s3").get_object(Bucket=created["Bucket"], Key="greeting.txt")
        properties = json.loads(written["Body"].read())
        assert (properties["Name"], properties["Loud"]) == ("govml", "true")
        assert written["ServerSideEncryption"] == "aws:kms"

    def test_the_bucket_is_locked(self, created: dict[str, str], bare_account: Connection) -> None:
        answer = bare_account.client("s3").get_object_lock_configuration(Bucket=created["Bucket"])
        rule = answer["ObjectLockConfiguration"]["Rule"]
        assert rule["DefaultRetention"] == {"Mode": "GOVERNANCE", "Days": 30}

    def test_the_role_has_its_boundary_and_path(self, created: dict[str, str], bare_account: Connection) -> None:
        role = bare_account.client("iam").get_role(RoleName=created["Role"])["Role"]
        assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == created["Boundary"]
        assert role["Path"] == "/govml/"

    def test_the_function_keeps_key_network_dead_letters_and_limit(
        self, created: dict[str, str], bare_account: Connection
    ) -> None:
        function = bare_account.client("lambda").get_function(FunctionName=created["Function"])
        configuration = function["Configuration"]
        assert created["Key"] in configuration["KMSKeyArn"]
        assert configuration["VpcConfig"]["SubnetIds"] == [created["Subnet"]]
        assert configuration["DeadLetterConfig"]["TargetArn"]
        assert function["Concurrency"]["ReservedConcurrentExecutions"] == 2

    def test_the_model_is_isolated_and_its_endpoint_encrypted(
        self, created: dict[str, str], bare_account: Connection
    ) -> None:
        sagemaker = bare_account.client("sagemaker")
        model = sagemaker.describe_model(ModelName=created["Model"].rpartition("/")[2])
        assert model["EnableNetworkIsolation"]
        config = sagemaker.describe_endpoint_config(EndpointConfigName=created["EndpointConfig"].rpartition("/")[2])
        assert created["Key"] in config["KmsKeyId"]
        endpoint = sagemaker.describe_endpoint(EndpointName=created["Endpoint"].rpartition("/")[2])
        assert endpoint["EndpointStatus"] == "InService"

    def test_a_group_with_a_rule_of_its_own_lets_nothing_else_out(
        self, created: dict[str, str], bare_account: Connection
    ) -> None:
        (group,) = bare_account.client("ec2").describe_security_groups(GroupIds=[created["Group"]])["SecurityGroups"]
        ports = sorted(rule["FromPort"] for rule in group["IpPermissionsEgress"])
        assert ports == [443, 8443]

    def test_the_guardrail_has_an_identifier_as_on_aws_and_answers_its_rules(
        self, created: dict[str, str], bare_account: Connection
    ) -> None:
        identifier = created["Guardrail"].rpartition("/")[2]
        assert identifier.isalnum()
        shown = bare_account.client("bedrock").get_guardrail(guardrailIdentifier=identifier)
        assert shown["contentPolicy"]["filters"][0]["type"] == "PROMPT_ATTACK"
        assert shown["sensitiveInformationPolicy"]["regexes"][0]["name"] == "NRIC"

    def test_the_state_machine_logs(self, created: dict[str, str], bare_account: Connection) -> None:
        shown = bare_account.client("stepfunctions").describe_state_machine(stateMachineArn=created["StateMachine"])
        assert shown["loggingConfiguration"]["level"] == "ALL"


@pytest.fixture(scope="module")
def changed(created: dict[str, str], stacks: Stacks) -> dict[str, str]:
    """The same stack with something changed in each tier, and properties taken away again."""
    body = template()
    resources = body["Resources"]
    del resources["Bucket"]["Properties"]["LifecycleConfiguration"]
    del resources["Role"]["Properties"]["PermissionsBoundary"]
    resources["Function"]["Properties"]["ReservedConcurrentExecutions"] = 5
    resources["Registry"]["Properties"]["ModelPackageGroupPolicy"]["Statement"][0]["Sid"] = "ReadFromProd"
    resources["Guardrail"]["Properties"]["BlockedInputMessaging"] = "Ask something else."
    resources["MlflowServer"]["Properties"]["TrackingServerSize"] = "Medium"
    resources["Pipeline"]["Properties"]["PipelineDescription"] = "training, second version"
    resources["Schedule"]["Properties"]["ScheduleExpressionTimezone"] = "UTC"
    resources["Composite"]["Properties"]["AlarmDescription"] = "anything at all"
    resources["Build"]["Properties"]["TimeoutInMinutes"] = 45
    del resources["Build"]["Properties"]["VpcConfig"]
    resources["Budget"]["Properties"]["Budget"]["BudgetLimit"]["Amount"] = 750
    resources["CostMonitor"]["Properties"]["MonitorName"] = "all-types-renamed"
    resources["CostAlert"]["Properties"]["Frequency"] = "DAILY"
    resources["EndpointConfig"]["Properties"]["ProductionVariants"][0]["InitialInstanceCount"] = 3
    resources["Delivery"]["Properties"]["Stages"][0]["Actions"][0]["Configuration"]["BranchName"] = "release"
    resources["BuildPackages"]["Properties"]["Description"] = "what builds may install"
    del resources["Query"]
    status = stacks.run("update", STACK, body)
    assert status == "UPDATE_COMPLETE", stacks.failure(STACK)
    return stacks.ids(STACK)


class TestUpdate:
    def test_nothing_is_replaced_that_aws_would_keep(self, created: dict[str, str], changed: dict[str, str]) -> None:
        replaced = {name for name in changed if created[name] != changed[name]}
        assert replaced == {"EndpointConfig"}
        assert set(created) - set(changed) == {"Query"}

    def test_native_types_change_and_lose_what_the_template_no_longer_states(
        self, changed: dict[str, str], bare_account: Connection
    ) -> None:
        with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
            bare_account.client("s3").get_bucket_lifecycle_configuration(Bucket=changed["Bucket"])
        assert "PermissionsBoundary" not in bare_account.client("iam").get_role(RoleName=changed["Role"])["Role"]
        function = bare_account.client("lambda").get_function(FunctionName=changed["Function"])
        assert function["Concurrency"]["ReservedConcurrentExecutions"] == 5
        schedule = bare_account.client("scheduler").get_schedule(Name="all-types", GroupName="all-types")
        assert schedule["ScheduleExpressionTimezone"] == "UTC"
        (project,) = bare_account.client("codebuild").batch_get_projects(names=["all-types"])["projects"]
        assert project["timeoutInMinutes"] == 45

    def test_backed_types_change(self, changed: dict[str, str], bare_account: Connection) -> None:
        sagemaker = bare_account.client("sagemaker")
        policy = sagemaker.get_model_package_group_policy(ModelPackageGroupName="all-types")["ResourcePolicy"]
        assert json.loads(policy)["Statement"][0]["Sid"] == "ReadFromProd"
        assert sagemaker.describe_pipeline(PipelineName="all-types")["PipelineDescription"].endswith("second version")
        endpoint = sagemaker.describe_endpoint(EndpointName=changed["Endpoint"].rpartition("/")[2])
        assert endpoint["EndpointConfigName"] == changed["EndpointConfig"].rpartition("/")[2]
        guardrail = bare_account.client("bedrock").get_guardrail(guardrailIdentifier=changed["Guardrail"])
        assert guardrail["blockedInputMessaging"] == "Ask something else."
        budget = bare_account.client("budgets").describe_budget(AccountId=bare_account.account, BudgetName="all-types")
        assert float(budget["Budget"]["BudgetLimit"]["Amount"]) == 750
        pipeline = bare_account.client("codepipeline").get_pipeline(name="all-types")["pipeline"]
        assert pipeline["stages"][0]["actions"][0]["configuration"]["BranchName"] == "release"

    def test_recorded_types_change(self, changed: dict[str, str], bare_account: Connection) -> None:
        server = bare_account.client("sagemaker").describe_mlflow_tracking_server(TrackingServerName="all-types")
        assert server["TrackingServerSize"] == "Medium"
        shown = bare_account.client("codeartifact").describe_repository(domain="all-types", repository="all-types")
        assert shown["repository"]["description"] == "what builds may install"
        queries = bare_account.client("logs").describe_query_definitions()["queryDefinitions"]
        assert [each["name"] for each in queries if each["name"].startswith("all-types")] == []
        costs = bare_account.client("ce")
        (monitor,) = costs.get_anomaly_monitors(MonitorArnList=[changed["CostMonitor"]])["AnomalyMonitors"]
        assert monitor["MonitorName"] == "all-types-renamed"
        alerts = {each["SubscriptionArn"]: each for each in costs.get_anomaly_subscriptions()["AnomalySubscriptions"]}
        assert alerts[changed["CostAlert"]]["Frequency"] == "DAILY"

    def test_the_audit_follows(self, changed: dict[str, str]) -> None:
        now = {entry["logical_id"]: entry["physical_id"] for entry in entries(STACK)}
        assert "Query" not in now
        assert now["EndpointConfig"] == changed["EndpointConfig"]
        lost = {(entry["type"], path) for entry in entries(STACK) for path in entry["lost"]}
        assert lost == KNOWN_LOSSES

    def test_a_named_resource_that_must_be_replaced_is_refused_and_the_rest_rolled_back(
        self, changed: dict[str, str], stacks: Stacks, bare_account: Connection
    ) -> None:
        """The words are CloudFormation's own; on AWS too one has to rename."""
        body = json.loads(json.dumps(stacks.client.get_template(StackName=STACK)["TemplateBody"]))
        body = json.loads(body) if isinstance(body, str) else body
        body["Resources"]["Registry"]["Properties"]["ModelPackageGroupDescription"] = "other words"
        body["Resources"]["Alarm"]["Properties"]["Threshold"] = 9
        assert stacks.run("update", STACK, body) == "UPDATE_ROLLBACK_COMPLETE"
        assert "custom-named resource requires replacing" in stacks.failure(STACK)
        (alarm,) = bare_account.client("cloudwatch").describe_alarms(AlarmNames=["all-types-errors"])["MetricAlarms"]
        assert alarm["Threshold"] == 1


REFUSED = {
    "a property outside AWS's schema": (
        {"Type": "AWS::Athena::WorkGroup", "Properties": {"Name": "refused", "Colour": "red"}},
        "Colour",
    ),
    "a role that does not exist": (
        {
            "Type": "AWS::SageMaker::Pipeline",
            "Properties": {
                "PipelineName": "refused",
                "RoleArn": "arn:aws:iam::123456789012:role/nobody",
                "PipelineDefinition": {"PipelineDefinitionBody": "{}"},
            },
        },
        "role/nobody, which does not exist",
    ),
    "a key that does not exist": (
        {
            "Type": "AWS::APS::Workspace",
            "Properties": {
                "KmsKeyArn": "arn:aws:kms:ap-southeast-1:123456789012:key/00000000-0000-4000-8000-000000000000"
            },
        },
        "which does not exist",
    ),
    "a boundary that does not exist": (
        {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": trust("lambda.amazonaws.com"),
                "PermissionsBoundary": "arn:aws:iam::123456789012:policy/nobody",
            },
        },
        "nobody",
    ),
    "a value that the API's model refuses": (
        {
            "Type": "AWS::Budgets::Budget",
            "Properties": {"Budget": {"BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": 5}}},
        },
        "Unit",
    ),
    "a pipeline definition that is no JSON": (
        {
            "Type": "AWS::SageMaker::Pipeline",
            "Properties": {
                "PipelineName": "refused",
                "RoleArn": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/x"},
                "PipelineDefinition": {"PipelineDefinitionBody": "{oops"},
            },
        },
        "Expecting property name",
    ),
}


class TestRefusals:
    def test_an_unknown_type_is_refused_by_name_before_anything_is_made(self, stacks: Stacks) -> None:
        body = {"Resources": {"Robot": {"Type": "AWS::SageMaker::Robot"}, "Topic": {"Type": "AWS::SNS::Topic"}}}
        with pytest.raises(ClientError, match=r"Unrecognized resource types: \[AWS::SageMaker::Robot\]"):
            stacks.run("create", "Unknown", body)
        with pytest.raises(ClientError, match="does not exist"):
            stacks.client.describe_stacks(StackName="Unknown")

    @pytest.mark.parametrize("case", REFUSED)
    def test_what_aws_refuses_is_refused_and_rolled_back(self, case: str, stacks: Stacks) -> None:
        resource, message = REFUSED[case]
        name = f"Refused{list(REFUSED).index(case)}"
        body = {"Resources": {"Before": {"Type": "AWS::SNS::Topic"}, "Bad": {**resource, "DependsOn": "Before"}}}
        assert stacks.run("create", name, body) == "ROLLBACK_COMPLETE"
        assert message in stacks.failure(name)
        assert entries(name) == []

    def test_a_service_that_is_only_recorded_says_what_it_does_not_do(self, bare_account: Connection) -> None:
        with pytest.raises(ClientError, match="the local account does not emulate grafana"):
            bare_account.client("grafana").list_versions()


class TestDelete:
    def test_a_bucket_with_objects_is_kept_until_it_is_empty_and_then_all_is_gone(
        self, changed: dict[str, str], stacks: Stacks, bare_account: Connection
    ) -> None:
        s3 = bare_account.client("s3")
        stored = s3.put_object(Bucket=changed["AccessLogs"], Key="left/behind", Body=b"x")
        assert stacks.run("delete", STACK) == "DELETE_FAILED"
        assert "not empty" in stacks.failure(STACK)
        s3.delete_object(Bucket=changed["AccessLogs"], Key="left/behind")
        assert stored["ETag"]
        assert stacks.run("delete", STACK) == "DELETE_COMPLETE"
        assert entries(STACK) == []

    @pytest.mark.parametrize(
        ("service", "operation", "parameters"),
        [
            ("sagemaker", "describe_pipeline", {"PipelineName": "all-types"}),
            ("sagemaker", "describe_mlflow_tracking_server", {"TrackingServerName": "all-types"}),
            ("sagemaker", "describe_model_package_group", {"ModelPackageGroupName": "all-types"}),
            ("codepipeline", "get_pipeline", {"name": "all-types"}),
            ("glue", "get_database", {"Name": "all_types"}),
            ("s3vectors", "get_vector_bucket", {"vectorBucketName": "all-types-vectors"}),
            ("redshift-serverless", "get_workgroup", {"workgroupName": "all-types"}),
            ("ssm", "get_parameter", {"Name": "/all-types/vpc"}),
        ],
    )
    def test_it_is_gone_at_its_service_too(
        self, service: str, operation: str, parameters: dict[str, str], bare_account: Connection
    ) -> None:
        with pytest.raises(ClientError):
            getattr(bare_account.client(service), operation)(**parameters)


def test_a_stack_of_a_cloned_template_may_stand_beside_it(stacks: Stacks) -> None:
    """Names that are left to CloudFormation differ by stack, so two copies do not meet."""
    body = {
        "Resources": {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {"AssumeRolePolicyDocument": trust("sagemaker.amazonaws.com")},
            },
            "Pipeline": {
                "Type": "AWS::SageMaker::Pipeline",
                "Properties": {
                    "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                    "PipelineName": ref("AWS::StackName"),
                    "PipelineDefinition": {"PipelineDefinitionBody": "{}"},
                },
            },
        }
    }
    for name in ("One", "Two"):
        assert stacks.run("create", name, copy.deepcopy(body)) == "CREATE_COMPLETE", stacks.failure(name)
    assert stacks.ids("One")["Role"] != stacks.ids("Two")["Role"]
    assert [stacks.run("delete", name) for name in ("One", "Two")] == ["DELETE_COMPLETE"] * 2
