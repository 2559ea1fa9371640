"""All alarms of an environment without an account: judged at any moment, and what they tell to whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from alarm_drive import Store

from govml.local.alarms.definition import Alarm, read_alarm
from govml.local.alarms.evaluation import judge

_PART = re.compile(r'\s*(?:(ALARM|OK)\("([^"]+)"\)|(AND|OR|NOT)|([()]))')
_ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions"}


@dataclass(frozen=True)
class Change:
    """One change of state.

    Args:
        alarm: name of the alarm.
        state: the new state.
        told: ARNs that hear of it.
        description: of the alarm, as they hear it.
    """

    alarm: str
    state: str
    told: tuple[str, ...]
    description: str


class AlarmBoard:
    """Alarms with their states.

    Args:
        given: properties of metric and composite alarms, without intrinsic functions.
    """

    def __init__(self, given: Iterable[Mapping[str, Any]]) -> None:
        self._given = {each["AlarmName"]: each for each in given}
        self.alarms: dict[str, Alarm] = {
            name: read_alarm(each) for name, each in self._given.items() if "AlarmRule" not in each
        }
        self.composites = [name for name in self._given if name not in self.alarms]
        self.states = dict.fromkeys(self._given, "INSUFFICIENT_DATA")
        self.store = Store()

    def judge(self, now: float) -> list[Change]:
        """Judge every alarm, composites after what they are made of; return what has changed."""
        changes = []
        for name, alarm in self.alarms.items():
            found = judge(alarm, self.store.of, now)
            if found:
                changes += self._set(name, found.state)
        for name in self.composites:
            changes += self._set(name, "ALARM" if self._holds(str(self._given[name]["AlarmRule"])) else "OK")
        return changes

    def _set(self, name: str, state: str) -> list[Change]:
        if self.states[name] == state:
            return []
        self.states[name] = state
        given = self._given[name]
        told = tuple(given.get(_ACTIONS.get(state, ""), ())) if given.get("ActionsEnabled", True) else ()
        return [Change(name, state, told, given.get("AlarmDescription", ""))]

    def _holds(self, rule: str) -> bool:
        """Whether a composite alarm's rule holds; Python's own precedence of NOT, AND, OR is CloudWatch's."""
        words, end = [], 0
        while end < len(rule.rstrip()):
            part = _PART.match(rule, end)
            assert part, f"cannot read {rule[end:]!r} of a composite alarm"
            state, name, word, bracket = part.groups()
            words.append(str(self.states[name] == state) if name else (word or bracket).lower())
            end = part.end()
        return bool(eval(" ".join(words), {"__builtins__": {}}))  # noqa: S307 - True, False, and, or, not and brackets only
