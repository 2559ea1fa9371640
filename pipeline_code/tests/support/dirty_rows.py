"""Rows as a publisher might deliver them on a bad day: near misses of valid values, other alphabets, line breaks."""

from __future__ import annotations

from csvs import ROW
from hypothesis import strategies as st

#: Signs on which engines disagree when left to themselves: line ends, digits and letters of other alphabets, spaces.
_SIGNS = [
    *("\n", "\r", "\r\n", "\N{NEXT LINE}", "\N{LINE SEPARATOR}", "\N{NO-BREAK SPACE}", " ", "\t", "+", "-", "."),
    *("\N{ARABIC-INDIC DIGIT THREE}", "\N{FULLWIDTH DIGIT FIVE}", "\N{LATIN SMALL LETTER SHARP S}", "E\u0301"),
    *("\N{LATIN SMALL LETTER DOTLESS I}", "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", "\N{LATIN SMALL LIGATURE FI}"),
    "\N{LATIN SMALL LETTER N PRECEDED BY APOSTROPHE}",
]
_VALID = {
    "month": ["2017-01", "1990-01", "2025-12", "1989-12", "2999-01", "2017-00", "0000-01", "9999-12"],
    "town": ["BEDOK", "bedok", "Ang Mo Kio", "ATLANTIS"],
    "flat_type": ["4 ROOM", "Multi Generation", "MULTI-GENERATION", "9 ROOM"],
    "flat_model": ["Model A", "straße", "\N{LATIN SMALL LETTER DZ WITH CARON}", "\u0390", "\ufb03", "\u057d"],
    "floor_area_sqm": [
        "67",
        "67.5",
        "+67",
        "020",
        "19.999999999999999",
        "500.0000000000001",
        "1e2",
        "nan",
        "inf",
        ".5",
        "5.",
    ],
    "lease_commence_date": ["1978", "+1978", "1978.0", "2101", "999999999999999", "9999999999999999"],
    "remaining_lease": [
        "61 years 04 months",
        "61 years 1 month",
        "9 years",
        "6",
        "70",
        "1 year",
        "100",
        "99 years 11 months",
    ],
    "resale_price": ["250000", "10000", "9999.99", "10000000", "1" * 40, "0.1", "333333.33", "-1"],
}


def _near(value: str) -> st.SearchStrategy[str]:
    """The value with a sign put in somewhere."""
    return st.builds(
        lambda sign, place: value[:place] + sign + value[place:], st.sampled_from(_SIGNS), st.integers(0, len(value))
    )


def _values(name: str) -> st.SearchStrategy[str | None]:
    free = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    return st.one_of(st.sampled_from([ROW[name], *_VALID.get(name, [])]), _near(ROW[name]), st.none(), free)


#: One row of the contract's columns as text: a good one, with up to three values changed.
ROWS = st.lists(st.sampled_from(list(ROW)), max_size=3, unique=True).flatmap(
    lambda names: st.fixed_dictionaries(
        {name: _values(name) if name in names else st.just(good) for name, good in ROW.items()}
    )
)
