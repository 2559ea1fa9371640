"""Cost of a synth with nag and gate: CPU seconds over the number of resources, from 1 to 30 use cases.

Each point is `govml synth` as a whole process (its Node kernel included), in turns with a plain Python CDK app of as many
resources: median and least of several runs. What else runs on a machine makes CPU seconds larger, never smaller; the plain
app tells by how much. Prints a table and JSON.

    .venv/bin/python benchmarks/synth_cost.py [--runs 5] [--use-cases 1 5 10 20 30]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
LIMIT_FIXED, LIMIT_PER_RESOURCE = 1.6, 0.002  # the budget: CPU seconds, and CPU seconds per resource
PLAIN = """
import sys, aws_cdk as cdk
from aws_cdk import aws_sns as sns
app = cdk.App()
for number in range(int(sys.argv[1])):
    if number % 400 == 0:  # a stack holds 500
        stack = cdk.Stack(app, f"Plain{number}")
    sns.CfnTopic(stack, f"Topic{number}", display_name="plain")
app.synth()
"""


def run(command: list[str], environment: dict[str, str]) -> None:
    """Run a command; end the benchmark if it fails."""
    process = subprocess.Popen(
        command, cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    _, error = process.communicate()
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{error.decode()}")


def cpu_seconds(command: list[str], environment: dict[str, str]) -> float:
    """Return the CPU time of one run, its child processes included."""
    before = os.times()
    run(command, environment)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def in_turns(runs: int, *commands: tuple[list[str], dict[str, str]]) -> list[list[float]]:
    """Return the CPU times of each command over several rounds, after one that warms the caches."""
    rounds = [[cpu_seconds(*command) for command in commands] for _ in range(runs + 1)]
    return [list(samples) for samples in zip(*rounds[1:], strict=True)]


def agency_file(folder: Path, use_cases: int) -> Path:
    """Write the sandbox file with as many use cases, each as hdb_resale is there, and return its path."""
    lines = (REPOSITORY / "config" / "sandbox.yaml").read_text().splitlines()
    start = lines.index("use_cases:")
    end = next(i for i in range(start + 1, len(lines)) if lines[i] and not lines[i].startswith((" ", "#")))
    first, *rest = lines[start + 1 : end]
    if first.split(":")[0].strip() != "hdb_resale":
        sys.exit("config/sandbox.yaml no longer begins its use cases with hdb_resale")
    cases = ["use_cases:"]
    for number in range(use_cases):
        cases += [f"  case_{number}:", "    definition: pipeline_code/usecases/hdb_resale/definition.json"]
        cases += ["    source: hdb_resale", *rest]
    budgets = ", ".join(f"case_{number}: {800 // use_cases}" for number in range(use_cases))
    others = [re.sub(r"^  use_cases: \{hdb_resale: .*\}", f"  use_cases: {{{budgets}}}", line) for line in lines[end:]]
    path = folder / f"agency-{use_cases}.yaml"
    path.write_text("\n".join([*lines[:start], *cases, *others]) + "\n")
    return path


def shape(assembly: Path) -> tuple[int, int, int]:
    """Return the number of resources, those of the largest template, and the largest template's bytes."""
    templates = list(assembly.rglob("*.template.json"))
    counts = [len(json.loads(path.read_text()).get("Resources", {})) for path in templates]
    return sum(counts), max(counts), max(path.stat().st_size for path in templates)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--use-cases", type=int, nargs="+", default=[1, 5, 10, 20, 30])
    arguments = parser.parse_args()
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"] = "20"
    rows = []
    print(
        f"{'use cases':>9} {'resources':>9} {'CPU s':>6} {'least':>6} {'limit':>6} {'plain':>6} {'of plain':>8}"
        f" {'largest template':>22}"
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for number in arguments.use_cases:
            out = folder / f"out-{number}"
            config = agency_file(folder, number)
            synth = [str(REPOSITORY / ".venv/bin/govml"), "synth", "--config", str(config), "--output", str(out)]
            run(synth, environment)
            resources, largest, size = shape(out)
            plain_environment = {**environment, "CDK_OUTDIR": str(folder / "plain"), "CDK_VALIDATION": "false"}
            plain_app = [sys.executable, "-c", PLAIN, str(resources)]
            samples, plain_samples = in_turns(arguments.runs, (synth, environment), (plain_app, plain_environment))
            seconds, plain = statistics.median(samples), statistics.median(plain_samples)
            limit = LIMIT_FIXED + LIMIT_PER_RESOURCE * resources
            rows.append(
                {
                    "use_cases": number,
                    "resources": resources,
                    "cpu_seconds": round(seconds, 2),
                    "least_cpu_seconds": round(min(samples), 2),
                    "limit_seconds": round(limit, 2),
                    "plain_cdk_seconds": round(plain, 2),
                    "largest_template": {"resources": largest, "bytes": size},
                }
            )
            print(
                f"{number:>9} {resources:>9} {seconds:>6.2f} {min(samples):>6.2f} {limit:>6.2f} {plain:>6.2f} "
                f"{seconds / plain:>7.2f}x "
                f"{largest:>8} / {size:>9} B"
            )
    print(json.dumps({"synth_cost": rows}))


if __name__ == "__main__":
    main()
