"""`python -m govml.grafana.authoring [--check]`: writes the dashboards' JSON, or says which file is out of date."""

from __future__ import annotations

import sys

from govml.grafana.authoring.write import FOLDER, texts


def main(arguments: list[str]) -> int:
    """Write or check; 0 when all is well, 1 when a file differs from what the code says."""
    wanted = texts()
    there = {path.relative_to(FOLDER): path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.json")}
    if arguments == ["--check"]:
        stale = sorted(str(name) for name in {*wanted, *there} if wanted.get(name) != there.get(name))
        for each in stale:
            print(f"{FOLDER / each} is out of date: run python -m govml.grafana.authoring", file=sys.stderr)
        return 1 if stale else 0
    for name in set(there) - set(wanted):
        (FOLDER / name).unlink()
    for name, text in wanted.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
