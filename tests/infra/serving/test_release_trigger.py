"""`ReleaseTrigger` and `SignOffPolicy`: only their rules wake the function, it never approves, and updates little."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from bench import SLUG, Stand
from cfn_templates import ACCOUNT, REGION, Resource
from iam_simulator import Request, decide
from identities import Identity

from govml.release.account import RESOURCE_TYPES
from govml_constructs.release.guards import ledger_guard, released_guard
from govml_constructs.release.release_statements import UPDATED_TYPES

GROUP = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package-group/bench-dev-{SLUG}"
VERSION = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/bench-dev-{SLUG}/7"
STACK = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/bench-dev-Serving-{SLUG}/0f1e"
ARTIFACTS, EVIDENCE = "arn:aws:s3:::bench-artifacts", "arn:aws:s3:::bench-evidence"
PENDING = {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}


@pytest.fixture
def trigger(bench: Mapping[str, Stand]) -> Stand:
    return bench["Releases"]


@pytest.fixture
def queue(trigger: Stand) -> Resource:
    (found,) = [each for each in trigger.all("AWS::SQS::Queue") if "/DeadLetters/" not in each.path]
    return found


@pytest.fixture
def role(trigger: Stand) -> Identity:
    return Identity(trigger.one("AWS::IAM::Role"), trigger.template.all())


class TestEvents:
    def test_registry_people_stacks_and_the_clock_wake_it(self, trigger: Stand, queue: Resource) -> None:
        rules = trigger.all("AWS::Events::Rule")
        patterns = [each.properties.get("EventPattern", {}) for each in rules]
        kinds = sorted(kind for pattern in patterns for kind in pattern.get("detail-type", ()))
        assert kinds == [
            "AWS API Call via CloudTrail",
            "AWS API Call via CloudTrail",
            "CloudFormation Stack Status Change",
            "SageMaker Model Package State Change",
        ]
        assert [each.properties["ScheduleExpression"] for each in rules if "ScheduleExpression" in each.properties] == [
            "rate(15 minutes)"
        ]
        assert {target["Arn"] for each in rules for target in each.properties["Targets"]} == {queue.arn}

    def test_they_are_about_this_use_case_only(self, trigger: Stand) -> None:
        told: dict[str, Any] = {}
        for each in trigger.all("AWS::Events::Rule"):
            detail = each.properties.get("EventPattern", {}).get("detail", {})
            told |= detail | detail.get("requestParameters", {})
        assert told["ModelPackageGroupName"] == [f"bench-dev-{SLUG}"]
        assert told["modelPackageArn"] == [{"prefix": VERSION.removesuffix("7")}]
        assert told["resourceArn"] == [GROUP]
        assert told["stack-id"] == [{"prefix": STACK.removesuffix("0f1e")}]

    def test_only_these_rules_put_events_into_the_queue(self, trigger: Stand) -> None:
        policies = [each.properties for each in trigger.all("AWS::SQS::QueuePolicy")]
        (own,) = [each for each in policies if "AllowSendByRules" in str(each)]
        (allow,) = [each for each in own["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]
        rules = {each.arn for each in trigger.all("AWS::Events::Rule")}
        assert set(allow["Condition"]["ArnEquals"]["aws:SourceArn"]) == rules
        assert allow["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}

    def test_nothing_is_dropped(self, trigger: Stand, queue: Resource) -> None:
        function = trigger.one("AWS::Lambda::Function").properties
        assert queue.properties["RedrivePolicy"]["maxReceiveCount"] > 1
        assert queue.properties["VisibilityTimeout"] >= 6 * function["Timeout"]
        mapping = trigger.one("AWS::Lambda::EventSourceMapping").properties
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert mapping["ScalingConfig"] == {"MaximumConcurrency": function["ReservedConcurrentExecutions"]}

    def test_what_failed_may_be_shown_again_before_the_queue_would(
        self, trigger: Stand, queue: Resource, role: Identity
    ) -> None:
        variables = trigger.one("AWS::Lambda::Function").properties["Environment"]["Variables"]
        assert variables["QUEUE"] == queue.name
        assert role.may("sqs:ChangeMessageVisibility", queue.arn)

    def test_queues_and_environment_are_encrypted(self, bench: Mapping[str, Stand], trigger: Stand) -> None:
        key = bench["LogsKey"].one("AWS::KMS::Key").arn
        assert {each.properties["KmsMasterKeyId"] for each in trigger.all("AWS::SQS::Queue")} == {key}
        assert trigger.one("AWS::Lambda::Function").properties["KmsKeyArn"] == key


class TestRegistry:
    def test_it_never_approves(self, role: Identity) -> None:
        for status in ("Approved", "Rejected"):
            assert not role.may("sagemaker:UpdateModelPackage", VERSION, {"sagemaker:ModelApprovalStatus": status})
        assert not role.may("sagemaker:UpdateModelPackage", VERSION)
        assert role.may("sagemaker:UpdateModelPackage", VERSION, PENDING)

    def test_it_sees_its_environment_only(self, role: Identity) -> None:
        run = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:pipeline/bench-dev-{SLUG}/execution/abc"
        for action, arn in (
            ("sagemaker:DescribeModelPackage", VERSION),
            ("sagemaker:ListModelPackages", GROUP),
            ("sagemaker:ListTags", GROUP),
            ("sagemaker:DescribePipelineExecution", run),
        ):
            assert role.may(action, arn)
            assert not role.may(action, arn.replace("-dev-", "-prod-"))

    def test_it_neither_registers_nor_marks(self, role: Identity) -> None:
        assert not role.may("sagemaker:CreateModelPackage", VERSION, PENDING)
        assert not role.may("sagemaker:AddTags", GROUP)


class TestObjects:
    def test_it_writes_released_archives_and_no_others(self, role: Identity) -> None:
        assert role.may("s3:GetObject", f"{ARTIFACTS}/{SLUG}/runs/1/model.tar.gz")
        assert role.may("s3:PutObject", f"{ARTIFACTS}/{SLUG}/released/abc/model.tar.gz")
        assert not role.may("s3:PutObject", f"{ARTIFACTS}/{SLUG}/runs/1/model.tar.gz")
        assert not role.may("s3:GetObject", "arn:aws:s3:::bench-raw/runs/1/model.tar.gz")

    def test_it_appends_to_its_ledger_and_removes_nothing(self, role: Identity) -> None:
        entry = f"{EVIDENCE}/ledger/{SLUG}/0000000001.json"
        assert role.may("s3:PutObject", entry)
        assert not role.may("s3:PutObject", entry.replace("ledger", "checks"))
        for action in ("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"):
            assert not role.may(action, entry)


class TestStacks:
    def update(self, types: list[str] | None, **more: str) -> dict[str, Any]:
        return {**({"cloudformation:ResourceTypes": types} if types else {}), **more}

    def test_it_updates_its_serving_stack_in_named_types_only(self, role: Identity) -> None:
        action, types = "cloudformation:UpdateStack", list(UPDATED_TYPES)
        assert role.may(action, STACK, self.update(types))
        assert not role.may(action, STACK.replace("Serving", "Data"), self.update(types))
        assert not role.may(action, STACK.replace("-dev-", "-prod-"), self.update(types))
        assert not role.may(action, STACK, self.update([*types, "AWS::IAM::Role"]))
        assert not role.may(action, STACK, self.update(None))

    @pytest.mark.parametrize("key", ["cloudformation:TemplateUrl", "cloudformation:RoleArn"])
    def test_it_brings_neither_a_template_nor_a_role(self, role: Identity, key: str) -> None:
        assert not role.may("cloudformation:UpdateStack", STACK, self.update(list(UPDATED_TYPES), **{key: "x"}))

    def test_it_deletes_no_stack(self, role: Identity) -> None:
        assert not role.may("cloudformation:DeleteStack", STACK)
        assert role.may("cloudformation:CancelUpdateStack", STACK)

    def test_requests_name_the_types_that_the_policy_allows(self) -> None:
        assert set(RESOURCE_TYPES) == set(UPDATED_TYPES)


class TestSignOff:
    NOTE = "sagemaker:CustomerMetadataProperties/signed-off.HousingApp"

    @pytest.fixture
    def consumer(self, bench: Mapping[str, Stand]) -> Any:
        policy = bench["SignOff"].one("AWS::IAM::ManagedPolicy").properties
        assert "Roles" not in policy, "a deployment may not change roles of others"

        def may(context: dict[str, str], arn: str = VERSION) -> bool:
            request = Request("sagemaker:UpdateModelPackage", arn, context)
            return decide([policy["PolicyDocument"]], request) == "allowed"

        return may

    def test_a_consumer_adds_its_own_note(self, consumer: Any) -> None:
        assert consumer({self.NOTE: "yes"})

    def test_and_nothing_else(self, consumer: Any) -> None:
        assert not consumer({})
        assert not consumer({self.NOTE.replace("HousingApp", "Valuation"): "yes"})
        assert not consumer({self.NOTE: "yes", "sagemaker:ModelApprovalStatus": "Approved"})
        assert not consumer({self.NOTE: "yes", "sagemaker:CustomerMetadataPropertiesToRemove": "UseCase"})
        assert not consumer({self.NOTE: "yes"}, VERSION.replace(SLUG, "other"))


class TestGuards:
    FUNCTION = f"arn:aws:iam::{ACCOUNT}:role/govml/bench-dev-Release-TriggerRole-1"
    WRITERS = (f"arn:aws:iam::{ACCOUNT}:role/govml/bench-dev-Release-*",)
    ALLOWED: Mapping[str, Any] = {
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]
    }

    def asks(self, statements: Any, action: str, arn: str, who: str, **context: str) -> str:
        told = {"aws:PrincipalArn": who, **context}
        return decide([self.ALLOWED, {"Statement": statements}], Request(action, arn, told, principal=who))

    def test_only_the_release_writes_entries_and_only_where_none_is(self) -> None:
        guard, entry = ledger_guard(EVIDENCE, self.WRITERS), f"{EVIDENCE}/ledger/{SLUG}/0000000001.json"
        new = {"s3:if-none-match": "*"}
        admin = self.FUNCTION.replace("bench-dev-Release-TriggerRole-1", "Admin")
        assert self.asks(guard, "s3:PutObject", entry, self.FUNCTION, **new) == "allowed"
        assert self.asks(guard, "s3:PutObject", entry, self.FUNCTION) == "denied"
        assert self.asks(guard, "s3:PutObject", entry, admin, **new) == "denied"
        assert self.asks(guard, "s3:PutObject", f"{EVIDENCE}/reports/1.json", admin) == "allowed"

    def test_what_came_with_a_promotion_is_as_safe_as_an_entry(self) -> None:
        guard, report = ledger_guard(EVIDENCE, self.WRITERS), f"{EVIDENCE}/received/{SLUG}/abc/uat/checks.json"
        new = {"s3:if-none-match": "*"}
        assert self.asks(guard, "s3:PutObject", report, self.FUNCTION, **new) == "allowed"
        assert self.asks(guard, "s3:PutObject", report, self.FUNCTION) == "denied"
        assert self.asks(guard, "s3:PutObject", report, f"{self.FUNCTION[:40]}/Admin", **new) == "denied"

    def test_only_the_release_touches_released_archives(self) -> None:
        guard, archive = released_guard(ARTIFACTS, self.WRITERS), f"{ARTIFACTS}/{SLUG}/released/abc/model.tar.gz"
        job = self.FUNCTION.replace("Release-TriggerRole-1", "UseCase-Roles-1")
        for action in ("s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"):
            assert self.asks(guard, action, archive, job) == "denied"
        assert self.asks(guard, "s3:PutObject", archive, self.FUNCTION) == "allowed"
        assert self.asks(guard, "s3:GetObject", archive, job) == "allowed"
        assert self.asks(guard, "s3:PutObject", archive.replace("released", "runs"), job) == "allowed"

    def test_a_person_hands_an_archive_in_but_replaces_none_that_was_approved(self) -> None:
        promoter = f"arn:aws:iam::{ACCOUNT}:role/govml/bench-dev.promoter"
        guard = released_guard(ARTIFACTS, [*self.WRITERS, promoter], adds_only=[promoter])
        archive = f"{ARTIFACTS}/{SLUG}/released/abc/model.tar.gz"
        assert self.asks(guard, "s3:PutObject", archive, promoter, **{"s3:if-none-match": "*"}) == "allowed"
        assert self.asks(guard, "s3:PutObject", archive, promoter) == "denied"
        assert self.asks(guard, "s3:PutObject", f"{ARTIFACTS}/{SLUG}/released/live.json", self.FUNCTION) == "allowed"
