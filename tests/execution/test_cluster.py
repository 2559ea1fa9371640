"""Training jobs on several hosts: what each sees, how they find each other, what ends them."""

from __future__ import annotations

import io
import itertools
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from govml.execution import hosts, isolation
from govml.execution.record import Status, seconds
from govml.execution.report import report

needs_namespaces = pytest.mark.skipif(
    isolation.shared_namespace(isolated=True) is None, reason="this machine permits no mount namespace"
)

# Every host listens on the same port under its own name; the first one gathers what the others have.
GATHER = """
import json, os, pathlib, signal, socket
signal.alarm(30)
base = pathlib.Path(os.environ['SAGEMAKER_BASE_DIR'])
resources = json.loads((base / 'input/config/resourceconfig.json').read_text())
me, hosts = resources['current_host'], resources['hosts']
own = sorted(file.name for file in (base / 'input/data/train').iterdir())
everything = sorted(file.name for file in (base / 'input/data/whole').iterdir())
assert json.loads((base / 'input/config/inputdataconfig.json').read_text())['train']['S3DistributionType'] == 'ShardedByS3Key'
print(me, 'speaks')
server = socket.create_server((socket.gethostbyname(me), 29500))
if me == hosts[0]:
    seen = {me: own}
    for _ in hosts[1:]:
        with server.accept()[0] as peer:
            seen.update(json.loads(peer.makefile().read()))
    (base / 'model/seen.json').write_text(json.dumps({'hosts': hosts, 'seen': seen, 'whole': everything}, sort_keys=True))
else:
    while True:
        try:
            peer = socket.create_connection((hosts[0], 29500))
            break
        except ConnectionRefusedError:
            pass
    peer.sendall(json.dumps({me: own}).encode())
    peer.close()
"""


LOGS = {"algo-1": "log.txt", "algo-2": "hosts/algo-2/log.txt", "algo-3": "hosts/algo-3/log.txt"}


@pytest.fixture
def raw(s3: Any, bucket: str) -> str:
    for number in range(5):
        s3.put_object(Bucket=bucket, Key=f"raw/part-{number}.csv", Body=b"a\n")
    return f"s3://{bucket}/raw/"


@pytest.fixture
def cluster(steps: Any, raw: str) -> Any:
    """A training step on several hosts, whose channel `train` is shared out among them."""

    def made(code: str, *, count: int = 3, **request: Any) -> dict[str, Any]:
        step: dict[str, Any] = steps.training("Train", code, channels={"train": raw, "whole": raw}, **request)
        step["Arguments"]["ResourceConfig"]["InstanceCount"] = count
        source = step["Arguments"]["InputDataConfig"][0]["DataSource"]["S3DataSource"]
        source["S3DataDistributionType"] = "ShardedByS3Key"
        return step

    return made


@needs_namespaces
@pytest.mark.parametrize("isolated", [True, False])
def test_hosts_find_each_other_by_name_and_share_out_the_objects(
    prepare: Any, steps: Any, cluster: Any, s3: Any, isolated: bool
) -> None:
    local = prepare(steps.definition(cluster(GATHER, EnableNetworkIsolation=isolated)))
    record = local.runner.run()
    assert record.status is Status.SUCCEEDED, report(record, directory=local.directory)
    key = record.step("Train").artifacts[0].removeprefix(f"s3://{steps.bucket}/")
    with tarfile.open(fileobj=io.BytesIO(s3.get_object(Bucket=steps.bucket, Key=key)["Body"].read())) as archive:
        content = archive.extractfile("seen.json")
        assert content is not None
        found = json.loads(content.read())
    assert found["hosts"] == ["algo-1", "algo-2", "algo-3"]
    assert sorted(itertools.chain(*found["seen"].values())) == found["whole"] == [f"part-{n}.csv" for n in range(5)]
    assert max(map(len, found["seen"].values())) - min(map(len, found["seen"].values())) <= 1
    logs = {name: local.directory / "steps/Train" / place for name, place in LOGS.items()}
    assert {name: log.read_text() for name, log in logs.items()} == {name: f"{name} speaks\n" for name in LOGS}
    assert not list(local.directory.rglob("opt-ml"))
    assert not list(local.directory.rglob("hosts.json")), "it held the environment of the hosts"


@needs_namespaces
def test_the_first_host_that_fails_ends_all_and_is_named(prepare: Any, steps: Any, cluster: Any) -> None:
    code = (
        "import json, os, pathlib, signal, sys\n"
        "base = pathlib.Path(os.environ['SAGEMAKER_BASE_DIR'])\n"
        "me = json.loads((base / 'input/config/resourceconfig.json').read_text())['current_host']\n"
        "if me != 'algo-2': signal.pause()\n"
        "(base / 'output').mkdir(exist_ok=True)\n"
        "(base / 'output/failure').write_text('no rows for me')\n"
        "sys.exit('out of rows')\n"
    )
    local = prepare(steps.definition(cluster(code)))
    record = local.runner.run()
    assert record.step("Train").reason == "host algo-2: the process ended with exit code 1: no rows for me"
    shown = report(record, directory=local.directory)
    assert "  | out of rows" in shown
    assert "hosts/algo-2/log.txt" in shown


@needs_namespaces
def test_hosts_end_with_the_stopping_condition(prepare: Any, steps: Any, cluster: Any) -> None:
    endless = cluster("import signal; signal.pause()", StoppingCondition={"MaxRuntimeInSeconds": 1})
    step = prepare(steps.definition(endless)).runner.run().step("Train")
    assert step.reason == "stopped after its MaxRuntimeInSeconds of 1"
    assert seconds(step) < 15


@needs_namespaces
def test_a_starter_that_does_not_start_is_the_platforms_reason(
    prepare: Any, steps: Any, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("govml.execution.jobs.cluster.script.__file__", "/no/such/starter.py")
    step = prepare(steps.definition(cluster("pass"))).runner.run().step("Train")
    assert step.reason.startswith("it wants 3 instances, whose names would not resolve on this machine: ")


@pytest.fixture
def no_namespace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govml.execution.jobs.cluster.shared_namespace", lambda **_: None)


@pytest.mark.usefixtures("no_namespace")
@pytest.mark.parametrize("case", [(2, "the system permits no mount namespace"), (17, "has 1 to 16")])
def test_what_cannot_be_imitated_is_refused(prepare: Any, steps: Any, cluster: Any, case: tuple[int, str]) -> None:
    count, reason = case
    step = prepare(steps.definition(cluster("pass", count=count))).runner.run().step("Train")
    assert step.status is Status.FAILED
    assert reason in step.reason


def test_a_hosts_file_that_cannot_be_mounted_is_the_outcome(tmp_path: Path) -> None:
    assert list(hosts.run({"names": str(tmp_path / "no-such-file"), "hosts": []})) == ["refused"]
