"""What a use case says about how its model is watched; the defaults are those of docs/drift.md."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, get_args

from govml_pipeline.errors import UserError

Period = Literal["day", "week", "month"]
Join = Literal["inference_id", "key"]
Correction = Literal["holm", "benjamini-hochberg", "none"]
#: What a signal is about. Only some may ask for retraining, see `MonitoringSettings.deciding`.
SignalKind = Literal[
    "data_quality",
    "data_drift",
    "prediction_drift",
    "target_drift",
    "concept_drift",
    "segment_drift",
    "bias_drift",
    "attribution_drift",
    "feedback_drift",
]

#: Change from which on a signal counts, by kind, as a share (docs/drift.md, "Units and thresholds").
THRESHOLDS: Final[dict[SignalKind, float]] = {
    "data_quality": 0.05,
    "data_drift": 0.2,
    "prediction_drift": 0.2,
    "target_drift": 0.2,
    "concept_drift": 0.4,
    "segment_drift": 0.5,
    "bias_drift": 0.2,
    "attribution_drift": 0.1,
    "feedback_drift": 0.05,
}

#: Windows of a signal that the state remembers (`monitoring.deciding.state.KEPT`); more cannot be asked for.
_LONGEST: Final = 24


class Pace(NamedTuple):
    """What is counted in windows, by their length: see `MonitoringSettings`."""

    sustained: tuple[int, int]
    clear_after: int
    cool_down: int
    late_windows: int


#: Windows of one month have that month's level in common. What is rare by months happens several times as often by weeks or
#: days that are counted alike (docs/drift.md, "Weeks and days"), so that shorter windows have to show it more often.
PACES: Final[dict[Period, Pace]] = {
    "month": Pace((2, 3), 3, 3, 3),
    "week": Pace((6, 9), 12, 13, 12),
    "day": Pace((14, 21), 21, 91, 21),
}


@dataclass(frozen=True)
class MonitoringSettings:
    """How a model is watched.

    Args:
        period: length of a window of event time.
        join: what labels are joined by: the id of the inference, or the contract's key.
        minimum_rows: rows below which a window's inputs and predictions are not judged.
        minimum_labels: labelled rows below which a window's performance is not judged.
        minimum_coverage: share of a window's rows that need a label, 0 to 1, before its deadline has passed.
        label_delay: periods after a window's end when its labels are due; until then it waits, after that it is judged with
            what is there.
        late_windows: how many judged windows are judged again when rows or labels of theirs come after all; below 0: as
            suits the period (`PACES`).
        accept_rate: share of answers that people accept as long as all is well, 0 to 1, where applications send feedback;
            fewer are a signal. None: what people say is reported, and no signal.
        clock_skew_minutes: how far in the future an event may lie before its clock is held to be wrong.
        thresholds: change from which on a signal counts, by kind; what is left out keeps its default.
        alpha: level of the test against the baseline's own windows, after correction.
        correction: for many signals of one kind: `holm` bounds the chance of any false one, `benjamini-hochberg` their
            share.
        sustained: m of the last n judged windows have to show a signal before it counts as sustained; (0, 0): as suits
            the period.
        clear_after: consecutive windows without the signal that end an episode; 0: as suits the period.
        cool_down: windows after one request to retrain in which there is no other; below 0: as suits the period.
        deciding: kinds of signal that may ask for retraining; the others are watched.
        ignore: columns that are never compared, such as a running number.

    Raises:
        UserError: settings that contradict themselves, with the one to mend.
    """

    period: Period = "month"
    join: Join = "inference_id"
    minimum_rows: int = 200
    minimum_labels: int = 100
    minimum_coverage: float = 0.5
    label_delay: int = 1
    late_windows: int = -1
    accept_rate: float | None = None
    clock_skew_minutes: int = 10
    thresholds: dict[SignalKind, float] = field(default_factory=dict)
    alpha: float = 0.01
    correction: Correction = "holm"
    sustained: tuple[int, int] = (0, 0)
    clear_after: int = 0
    cool_down: int = -1
    deciding: tuple[SignalKind, ...] = ("concept_drift",)
    ignore: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Fill in what suits the period, and check the settings."""
        pace = PACES.get(self.period, PACES["month"])
        unset = {"sustained": self.sustained == (0, 0), "clear_after": self.clear_after == 0}
        unset |= {"cool_down": self.cool_down < 0, "late_windows": self.late_windows < 0}
        for name in (name for name, left in unset.items() if left):
            object.__setattr__(self, name, getattr(pace, name))
        m, n = self.sustained
        kinds = get_args(SignalKind)
        wrong = {
            "period": self.period not in get_args(Period),
            "join": self.join not in get_args(Join),
            "correction": self.correction not in get_args(Correction),
            "sustained": not 1 <= m <= n <= _LONGEST,
            "alpha": not 0 < self.alpha < 1,
            "minimum_coverage": not 0 <= self.minimum_coverage <= 1,
            "minimum_rows": self.minimum_rows < 2,
            "minimum_labels": self.minimum_labels < 2,
            "label_delay": self.label_delay < 0,
            "late_windows": not 0 <= self.late_windows <= _LONGEST,
            "accept_rate": self.accept_rate is not None and not 0 < self.accept_rate < 1,
            "clock_skew_minutes": self.clock_skew_minutes < 0,
            "clear_after": not 1 <= self.clear_after <= _LONGEST,
            "thresholds": any(name not in kinds or not value > 0 for name, value in self.thresholds.items()),
            "deciding": any(name not in kinds or name == "data_quality" for name in self.deciding),
        }
        for name, broken in wrong.items():
            if broken:
                raise UserError(
                    f"monitoring settings: {name} is {getattr(self, name)!r}",
                    hint="see the table of settings in docs/drift.md",
                )

    def threshold(self, kind: SignalKind) -> float:
        """The change from which on a signal of this kind counts."""
        return self.thresholds.get(kind, THRESHOLDS[kind])
