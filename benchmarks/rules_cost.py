"""Cost of the own rules: CPU seconds over the number of resources, and the same templates under cfn-lint.

Templates of our own synth are multiplied. Prints a table and JSON.

    .venv/bin/python benchmarks/rules_cost.py cdk.out [--resources 100 500 2000 8000]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from govml.rules.engine import check_templates
from govml.rules.registry import load_rules

LIMIT_AT_500 = 0.5  # CPU seconds


def multiplied(sources: list[Path], resources: int, folder: Path) -> list[Path]:
    """Write templates with as many resources in all, made of the sources' over and over."""
    written: list[Path] = []
    left = resources
    while left > 0:
        document = json.loads(sources[len(written) % len(sources)].read_text())
        kept = dict(list(document["Resources"].items())[:left])
        left -= len(kept)
        path = folder / f"{len(written)}.template.json"
        path.write_text(json.dumps({**document, "Resources": kept}))
        written.append(path)
    return written


def cfn_lint(paths: list[Path]) -> float:
    """Return the CPU seconds that cfn-lint takes for the same files."""
    start = time.perf_counter()
    command = [str(Path(sys.executable).parent / "cfn-lint"), "--regions", "ap-southeast-1", "--", *map(str, paths)]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assembly", type=Path)
    parser.add_argument("--resources", type=int, nargs="+", default=[100, 500, 2000, 8000])
    arguments = parser.parse_args()
    sources = sorted(arguments.assembly.rglob("*.template.json"))
    load_rules()
    rows = []
    print(f"{'resources':>9} {'rules, CPU s':>12} {'cfn-lint, s':>11} {'findings':>8}")
    for number in arguments.resources:
        with tempfile.TemporaryDirectory() as temporary:
            paths = multiplied(sources, number, Path(temporary))
            start = time.process_time()
            found = check_templates(paths)
            seconds = time.process_time() - start
            peer = cfn_lint(paths) if number <= 500 else None
        rows.append(
            {"resources": number, "cpu_seconds": round(seconds, 3), "cfn_lint_seconds": peer and round(peer, 1)}
        )
        print(f"{number:>9} {seconds:>12.3f} {'' if peer is None else f'{peer:.1f}':>11} {len(found):>8}")
    print(json.dumps({"rules_cost": {"limit_at_500": LIMIT_AT_500, "rows": rows}}))


if __name__ == "__main__":
    main()
