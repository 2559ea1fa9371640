"""Every action of every policy is one of IAM's, and allowed in a way that IAM can grant."""

from __future__ import annotations

from iam_actions import actions, matching, statements, without_effect
from profiles import Profile


def test_every_action_exists_and_is_allowed_on_what_it_takes(profile: Profile) -> None:
    seen = 0
    for _, templates in profile.environments():
        for template in templates:
            for resource in template.all():
                for statement in statements(resource.properties):
                    names = [action for action in actions(statement) if action != "*"]
                    assert not [name for name in names if not matching(name)], f"{template.name} {resource.name}"
                    assert without_effect(statement) == [], f"{template.name} {resource.name}: takes no resource"
                    seen += len(names)
    assert seen > 100


def test_a_name_that_is_no_action_and_a_resource_that_is_none_are_seen() -> None:
    assert matching("s3:GetObjects") == []
    assert matching("s3:Get*")
    limited = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListAllMyBuckets"], "Resource": ["arn:aws:s3:::b"]}
    assert without_effect(limited) == ["s3:ListAllMyBuckets"]
    assert without_effect({**limited, "Resource": "*"}) == []
