"""Derive from the installed cdk-nag what each rule of our packs looks at: `python -m govml.evidence.nag_source`.

cdk-nag reports what breaks a rule and nothing else. To say that a resource passed, one must know that the rule looks at
resources of its type at all. That stands only in cdk-nag's JavaScript: a rule is a function that asks
`node instanceof aws_sns.CfnTopic` and answers NOT_APPLICABLE to the rest. This script reads those questions, and the
CloudFormation type behind each class from the type information of aws-cdk-lib, into `data/nag_rules.json`. A test
derives the table again and compares, so that an upgrade of either package cannot make it wrong unnoticed.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from govml_constructs.validation.nag_rules import RULES

TABLE = Path(__file__).parent / "data" / "nag_rules.json"

_PACKS = {"AwsSolutions": "aws-solutions", "NIST.800.53.R5": "nist-800-53-r5"}
_SOURCE_OF_CONTROLS = "NIST.800.53.R5"
_APPLIED = re.compile(r"this\.applyRule\(\{(.*?)\n        \}\);", re.DOTALL)
_CONTROLS = re.compile(r" - \(Control IDs?: (?P<ids>.*)\)\.?$")
_FUNCTION = re.compile(r"exports\.default = Object\.defineProperty\(\(node\) => \{(.*?)\n\}, 'name'", re.DOTALL)
_EXAMINED = re.compile(r"\bnode instanceof (aws_\w+?)_\d+\.(Cfn\w+)")
_STRING = r"(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\")"


@dataclass(frozen=True)
class NagRule:
    """One rule of a pack.

    Args:
        id: as the report writes it, without a detail in brackets.
        pack: name of the pack.
        function: cdk-nag's name of the check; packs share checks.
        title: what a finding says.
        severity: `error` or `warning`.
        controls: NIST 800-53 R5 controls, as the NIST pack gives them for the check; empty when that pack lacks it.
        types: CloudFormation type -> class of aws-cdk-lib; the rule looks at resources of these classes.
        conditional: it passes over some resources of these types, by their properties.
    """

    id: str
    pack: str
    function: str
    title: str
    severity: str
    controls: tuple[str, ...]
    types: dict[str, str]
    conditional: bool


def derive() -> dict[str, Any]:
    """Return the table, from the installed packages.

    Raises:
        ValueError: cdk-nag is written in another way than this script reads, or holds other rules than `RULES`.
    """
    types = _cloudformation_types()
    with tarfile.open(_bundle("cdk_nag", "cdk-nag")) as archive:
        sources = {
            member.name.removeprefix("package/lib/"): _text(archive, member)
            for member in archive
            if member.name.startswith(("package/lib/rules/", "package/lib/packs/")) and member.name.endswith(".js")
        }
        version = json.loads(_text(archive, archive.getmember("package/package.json")))["version"]
    found = [
        rule for pack, file in _PACKS.items() for rule in _rules(pack, sources[f"packs/{file}.js"], sources, types)
    ]
    for pack, ids in RULES.items():
        if ids != {rule.id for rule in found if rule.pack == pack}:
            raise ValueError(f"the rules read from {pack} are not those of govml_constructs.validation.nag_rules")
    controls = {rule.function: rule.controls for rule in found if rule.pack == _SOURCE_OF_CONTROLS}
    rules = [asdict(rule) | {"controls": list(controls.get(rule.function, ()))} for rule in found]
    return {"cdk_nag": version, "rules": sorted(rules, key=lambda rule: str(rule["id"]))}


def as_text(table: dict[str, Any]) -> str:
    """Return the table as it is committed: one rule a line."""
    lines = ",\n".join(json.dumps(rule, ensure_ascii=False) for rule in table["rules"])
    return f'{{"cdk_nag": {json.dumps(table["cdk_nag"])}, "rules": [\n{lines}\n]}}\n'


def _rules(pack: str, source: str, sources: dict[str, str], types: dict[str, str]) -> Iterator[NagRule]:
    for block in _APPLIED.findall(source):
        applied = re.search(r"\n            rule: (\w+?)_\d+\.(\w+),", block)
        if applied is None:
            raise ValueError(f"{pack}: a rule is applied in a way that is not known: {block[:80]!r}")
        function = applied[2]
        override = re.search(r"ruleSuffixOverride: '(\w+)'", block)
        title = _literal(block, "info")
        controls = _CONTROLS.search(title)
        body = _body(sources[f"rules/{applied[1]}/{function}.js"])
        examined = {types[f"aws-cdk-lib.{module}.{name}"]: f"aws-cdk-lib.{module}.{name}" for module, name in body[0]}
        if not examined:
            raise ValueError(f"{pack}: {function} looks at no resource type")
        yield NagRule(
            id=f"{pack}-{override[1] if override else function}",
            pack=pack,
            function=function,
            title=_CONTROLS.sub("", title).rstrip("."),
            severity="warning" if "NagMessageLevel.WARN" in block else "error",
            controls=tuple(dict.fromkeys(re.split(r",\s*", controls["ids"]))) if controls else (),
            types=dict(sorted(examined.items())),
            conditional=body[1],
        )


def _body(source: str) -> tuple[list[tuple[str, str]], bool]:
    """Return the classes that a rule's own function asks for, and whether it turns some of their resources away."""
    found = _FUNCTION.search(source)
    body = found[1] if found else source
    return _EXAMINED.findall(body), body.count("NagRuleCompliance.NOT_APPLICABLE") > 1


def _literal(block: str, key: str) -> str:
    found = re.search(rf"\n            {key}: {_STRING},", block)
    if found is None:
        raise ValueError(f"no `{key}` in {block[:80]!r}")
    return re.sub(r"\\(.)", r"\1", found[1] if found[1] is not None else found[2])


def _cloudformation_types() -> dict[str, str]:
    """Return class of aws-cdk-lib -> CloudFormation type."""
    with tarfile.open(_bundle("aws_cdk", "aws-cdk-lib")) as archive:
        stream = archive.extractfile("package/.jsii.gz")
        if stream is None:
            raise ValueError("aws-cdk-lib has no type information where this script looks for it")
        assembly = json.loads(gzip.decompress(stream.read()))
    customs = {name: each.get("docs", {}).get("custom", {}) for name, each in assembly["types"].items()}
    return {name: each["cloudformationResource"] for name, each in customs.items() if "cloudformationResource" in each}


def _bundle(package: str, name: str) -> Path:
    """Return the JavaScript that a Python package of CDK carries, without importing the package."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ValueError(f"{package} is not installed")
    (path,) = (Path(spec.origin).parent / "_jsii").glob(f"{name}@*.jsii.tgz")
    return path


def _text(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    stream = archive.extractfile(member)
    if stream is None:
        raise ValueError(f"{member.name} is no file")
    return stream.read().decode()


if __name__ == "__main__":
    TABLE.write_text(as_text(derive()), encoding="utf-8")
    sys.stderr.write(f"{TABLE}\n")
