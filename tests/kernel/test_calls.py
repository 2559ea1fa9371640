"""Calls to jsii that cost less: the same messages and answers, and fewer of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import CfnTag, Duration, Environment, RemovalPolicy
from hypothesis import given, settings
from hypothesis import strategies as st
from jsii import _kernel
from jsii._kernel.providers import process
from jsii._kernel.types import (
    CreateRequest,
    CreateResponse,
    GetRequest,
    GetResponse,
    InvokeRequest,
    InvokeResponse,
    LoadRequest,
    ObjRef,
    Override,
    SetRequest,
    SetResponse,
    StaticGetRequest,
    StaticInvokeRequest,
)

from stacks.synth.calls import plain_first
from stacks.synth.messages import QuickConverter, next_message

REPOSITORY = Path(__file__).resolve().parents[2]
APP = """
import json, sys
from collections import Counter
from stacks.synth.calls import spare_work
from stacks.synth.type_checks import skip_type_checks
spare_work() if sys.argv[1] == "spared" else skip_type_checks()
from jsii._kernel.providers import process
sent, send = Counter(), process._NodeProcess.send
def count(self, request, response_type):
    sent[f"{type(request).__name__} {getattr(request, 'property', '')}"] += 1
    return send(self, request, response_type)
process._NodeProcess.send = count
import aws_cdk as cdk, jsii
from aws_cdk import aws_cloudwatch as cloudwatch, aws_kms as kms, aws_sqs as sqs
from constructs import Construct
said = []
def fails(act):
    try:
        act()
    except Exception as error:
        said.append([type(error).__name__, str(error), str(error.__cause__).splitlines()[0]])
@jsii.implements(cdk.IAspect)
class Visit:
    def visit(self, node):
        seen.append(node.node.path)
        if node.node.path == "Small/Wrong":
            raise ValueError("refused by an aspect")
@jsii.implements(cdk.IStableStringProducer)
class Late:
    def produce(self):
        return "later"
class Numbered(cdk.Stack):
    def _allocate_logical_id(self, element):
        return f"Number{element.node.id}"
seen, app = [], cdk.App()
stack = cdk.Stack(app, "Small", tags={"a": "1"})
cdk.Aspects.of(app).add(Visit())
key = kms.Key(stack, "Key")
said += [key.key_arn == key.key_arn, stack.region == stack.region, stack.stack_name]
queue = sqs.Queue(stack, "Queue", retention_period=cdk.Duration.days(3), encryption_master_key=key)
said += [queue.encryption_master_key is key, stack.resolve(queue.queue_arn), stack.resolve({"a": [cdk.Lazy.string(Late())]})]
for scope in (Numbered(app, "Numbered"), Numbered(app, "Again")):
    said.append(scope.resolve(cdk.CfnParameter(scope, "One").logical_id))
said.append(len({key.key_arn, kms.Key(stack, "Other").key_arn}))
alarm = cloudwatch.CfnAlarm(stack, "Alarm", comparison_operator="x", evaluation_periods=1)
condition = cdk.CfnCondition(stack, "Condition", expression=cdk.Fn.condition_equals("a", "b"))
before = sum(sent.values())
alarm.cfn_options.condition = condition
said.append(alarm.cfn_options.condition is condition)
alarm.cfn_options.update_replace_policy = cdk.CfnDeletionPolicy.RETAIN
said.append(alarm.cfn_options.update_replace_policy.name)
fails(lambda: setattr(alarm.cfn_options, "unheard_of", 1) or alarm.cfn_options.unheard_of)
fails(lambda: kms.Key(stack, "Key"))
fails(lambda: cdk.Duration.days("many"))
fails(lambda: stack.resolve(len))
Construct(stack, "Wrong")
fails(app.synth)
print(json.dumps([said, seen, sent]))
"""
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def run(mode: str) -> Any:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", APP, mode], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def general() -> Any:
    node: Any = process._NodeProcess()
    node.stop = lambda: None  # it was never started
    return node._serializer


def test_answers_callbacks_and_errors_are_the_same_and_fewer_are_asked_for() -> None:
    said, seen, sent = run("spared")
    said_before, seen_before, sent_before = run("plain")
    assert (said, seen) == (said_before, seen_before)
    assert [each for each in said if isinstance(each, list) and "refused by an aspect" in str(each)]
    assert "Small/Wrong" in seen
    assert said.count("NumberOne") == 2
    assert sent_before["GetRequest keyArn"] - sent["GetRequest keyArn"] == 2
    assert (sent_before["GetRequest region"], sent["GetRequest region"]) == (2, 1)
    assert sent_before["GetRequest condition"] - sent["GetRequest condition"] == 1  # read only when it is read
    assert sent["SetRequest condition"] == 1


@settings(max_examples=60, deadline=None)
@given(arguments=st.lists(JSON, max_size=3), name=st.text(min_size=1), interfaces=st.none() | st.just(["a.I"]))
def test_a_request_is_written_as_jsii_writes_it(
    general: Any, arguments: list[Any], name: str, interfaces: list[str] | None
) -> None:
    made, reference = Duration.days(1), ObjRef(ref="x.Y@10000", interfaces=interfaces)
    native = _kernel._make_reference_for_native
    kernel: Any = None
    objects = [made, RemovalPolicy.RETAIN, CfnTag(key="k", value="v"), Environment(account="1"), Environment()]
    given_ = [native(kernel, each) for each in [*arguments, *objects, {"in": [*objects]}]]
    spared = [plain_first(native)(kernel, each) for each in [*arguments, *objects, {"in": [*objects]}]]
    assert spared == without_what_was_not_given(given_)
    for request in (
        CreateRequest(fqn=name, args=given_, overrides=[Override(method="m", cookie=name)], interfaces=interfaces),
        GetRequest(objref=reference, property=name),
        SetRequest(objref=reference, property=name, value=given_),
        InvokeRequest(objref=reference, method=name, args=given_),
        StaticInvokeRequest(fqn=name, method=name, args=given_),
        StaticGetRequest(fqn=name, property=name),
        LoadRequest(name=name, version="1", tarball="t"),
    ):
        written = [
            json.loads(json.dumps(converter.unstructure(request), default=process.jdefault))
            for converter in (general, QuickConverter(general))
        ]
        assert written[0] == written[1]


def without_what_was_not_given(value: Any) -> Any:
    """Drop the properties of structs that jsii sends as null; nothing else."""
    if isinstance(value, list):
        return [without_what_was_not_given(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"$jsii.struct"}:
        struct = value["$jsii.struct"]
        kept = {name: without_what_was_not_given(each) for name, each in struct["data"].items() if each is not None}
        return {"$jsii.struct": {**struct, "data": kept}}
    return {key: without_what_was_not_given(each) for key, each in value.items()}


@settings(max_examples=60, deadline=None)
@given(value=JSON)
def test_an_answer_is_read_as_jsii_reads_it(general: Any, value: Any) -> None:
    quick = QuickConverter(general)
    reference = {"$jsii.byref": "x.Y@10000", "$jsii.interfaces": ["a.I"]}
    answers = [
        ({"ok": reference}, CreateResponse),
        ({"ok": {"value": value}}, GetResponse),
        (
            {"ok": {"value": {"a": reference, "b": [{"$jsii.enum": "x.E/ONE"}, {"$jsii.map": {"c": value}}]}}},
            GetResponse,
        ),
        ({"ok": {"result": value}}, InvokeResponse),
        ({"ok": {}}, InvokeResponse),
        ({"ok": {}}, SetResponse),
    ]
    for message, wanted in answers:
        line = json.dumps(message).encode()
        slow = general.structure(json.loads(line, object_hook=process.ohook), process._ProcessResponse)
        fast = quick.structure(next_message(Answering(line)), process._ProcessResponse)
        assert slow == fast
        assert quick.structure(fast.ok, wanted) == general.structure(slow.ok, wanted)
    for other in ({"error": "e", "name": "n", "stack": "s"}, {"callback": {"cbid": "1", "cookie": "c"}}):
        assert quick.structure(other, process._ProcessResponse) == general.structure(other, process._ProcessResponse)


class Answering:
    """Stands for a kernel process whose next line is given."""

    def __init__(self, line: bytes) -> None:
        self._process = self.stdout = self
        self.readline = lambda: line
