"""The job: rows in; rows that keep the contract, the others with their reasons, and monthly totals per key out."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import narwhals as nw

from govml_pipeline.data import months, rules
from govml_pipeline.data.checks import accepted, flagged, refused
from govml_pipeline.data.contract import Contract
from govml_pipeline.data.csv_file import FILE, LINE
from govml_pipeline.data.validation import describe
from govml_pipeline.engine.base import Engine, is_csv
from govml_pipeline.engine.staging import DEFECT, DEFECT_VALUE, HINT
from govml_pipeline.errors import UserError
from govml_pipeline.features.derivation import Derivation
from govml_pipeline.features.history import totals

ACCEPTED, QUARANTINE, TOTALS, STAGED = "accepted", "quarantine", "totals", "staged"
_SHOWN = 5


@dataclass(frozen=True)
class Outcome:
    """Figures of one run: numbers of rows."""

    engine: str
    read: int
    accepted: int
    quarantined: int
    malformed: int
    totals: dict[str, int]

    def as_json(self) -> dict[str, object]:
        """The same as plain values."""
        return asdict(self)


def run(
    engine: Engine,
    *,
    rows: str,
    output: str,
    contract: Contract,
    derivation: Derivation,
    this_month: int | None = None,
) -> Outcome:
    """Transform the rows at a location into `accepted`, `quarantine` and `totals/<key>` below another.

    Args:
        engine: where it runs.
        rows: file or folder: Parquet of the contract's columns as text with `source_file` and `source_line`, or CSV.
        output: location that holds none of these folders yet.
        contract: data contract.
        derivation: derived columns and totals of the use case.
        this_month: number of the current month; the clock's, in Singapore, when None. A run of many machines has one.

    Raises:
        UserError: no rows, columns missing, a file refused, or too many rows that break the contract; what has been
            written until then is not to be used.
    """
    now = months.current() if this_month is None else this_month
    files = engine.find(rows)
    if is_csv(files[0]):
        raw = engine.stage(files, contract, f"{output}/{STAGED}")
        _refuse_files(raw)
        malformed = _malformed(raw.filter(~nw.col(DEFECT).is_null()))
        raw = raw.filter(nw.col(DEFECT).is_null()).drop(DEFECT, DEFECT_VALUE, HINT)
    else:
        raw = engine.scan(files)
        _check_columns(raw, contract, rows)
        malformed = None
    checked = flagged(raw, contract, this_month=now)
    bad = refused(checked)
    quarantine = bad if malformed is None else nw.concat([malformed, bad.select(malformed.collect_schema().names())])
    engine.write({f"{output}/{ACCEPTED}": accepted(checked, contract), f"{output}/{QUARANTINE}": quarantine})

    good, quarantine = engine.scan([f"{output}/{ACCEPTED}"]), engine.scan([f"{output}/{QUARANTINE}"])
    unreadable = quarantine.filter(nw.col("reason").str.starts_with(rules.MALFORMED))
    figures = _count(good), _count(quarantine), _count(unreadable)
    _decide(*figures, contract, quarantine)
    derived = derivation.derive(good).with_columns(derivation.measure().alias("_measure"))
    counts = {}
    for key in derivation.keys:  # one after the other: the groups of one are in memory at a time
        place = f"{output}/{TOTALS}/{key}"
        table = totals(derived, key=key, month=derivation.month, value="_measure")
        engine.write({place: table.sort("key", "month")})
        counts[key] = _count(engine.scan([place]))
    return Outcome(engine.name, figures[0] + figures[1], *figures, counts)


def _count(rows: nw.LazyFrame) -> int:
    return int(rows.select(nw.len()).collect("polars").item())


def _refuse_files(staged: nw.LazyFrame) -> None:
    refusals = staged.filter(nw.col(LINE) == 0).select(FILE, DEFECT, HINT).sort(FILE).head(1).collect("polars")
    for _, message, hint in refusals.iter_rows():
        raise UserError(message, hint=hint)


def _malformed(lines: nw.LazyFrame) -> nw.LazyFrame:
    return lines.select(
        FILE,
        LINE,
        nw.lit(None, dtype=nw.String).alias("column"),
        nw.col(DEFECT_VALUE).alias("value"),
        nw.concat_str(nw.lit(rules.MALFORMED), nw.col(DEFECT)).alias("reason"),
    )


def _check_columns(raw: nw.LazyFrame, contract: Contract, location: str) -> None:
    schema = raw.collect_schema()
    missing = [name for name in (FILE, LINE, *contract.names) if name not in schema]
    if missing:
        raise UserError(f"{location}: missing column {missing[0]!r}", hint="the rows are those that validation reads")
    typed = [name for name in contract.names if schema[name] != nw.String]
    if typed:
        raise UserError(
            f"{location}: column {typed[0]!r} is {schema[typed[0]]}, not text", hint="hand on the rows as delivered"
        )


def _decide(good: int, bad: int, malformed: int, contract: Contract, quarantine: nw.LazyFrame) -> None:
    """The contract's verdict on the whole, as `data.validation` gives it on a delivery."""
    if not good + bad:
        raise UserError("there are no rows", hint="deliver at least one row")
    share = bad / (good + bad)
    if malformed and contract.malformed_rows == "refuse":
        worst = quarantine.filter(nw.col("reason").str.starts_with(rules.MALFORMED))
        what, hint = f"{malformed:,} rows cannot be read", "mend these rows, or deliver their files again"
    elif share > contract.max_quarantine_share:
        worst = quarantine
        what = f"{bad:,} of {good + bad:,} rows break the data contract ({share:.1%}, at most "
        what += f"{contract.max_quarantine_share:.1%})"
        hint = "mend these rows, or change the contract if the publisher has changed the data"
    else:
        return
    first = worst.sort(FILE, LINE).head(_SHOWN).collect("polars").to_native()
    raise UserError(f"{what}, the first of them:\n{describe(first)}", hint=hint)
