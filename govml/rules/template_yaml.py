"""YAML templates: the short forms of intrinsic functions (`!Ref`, `!Sub`, `!GetAtt` ...) become the long ones."""

from __future__ import annotations

from typing import Any

_NO_PREFIX = frozenset({"Ref", "Condition"})


def read_yaml(text: str) -> Any:
    """Return a YAML template as the JSON form would be.

    Raises:
        ValueError: it is not YAML, or holds a key twice.
    """
    from ruamel.yaml import YAML  # only those who check a YAML template pay for it
    from ruamel.yaml.constructor import SafeConstructor
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

    class Constructor(SafeConstructor):
        """Knows CloudFormation's tags; dates stay text, as a policy's `Version` is one."""

    def construct(constructor: SafeConstructor, suffix: str, node: Node) -> dict[str, Any]:
        value: Any = None
        if isinstance(node, ScalarNode):
            value = constructor.construct_scalar(node)
        elif isinstance(node, SequenceNode):
            value = constructor.construct_sequence(node, deep=True)
        elif isinstance(node, MappingNode):
            value = constructor.construct_mapping(node, deep=True)
        if suffix == "GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
        return {suffix if suffix in _NO_PREFIX else f"Fn::{suffix}": value}

    Constructor.add_multi_constructor("!", construct)
    Constructor.add_constructor(
        "tag:yaml.org,2002:timestamp", lambda constructor, node: constructor.construct_scalar(node)
    )
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = Constructor
    try:
        return reader.load(text)
    except YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error
