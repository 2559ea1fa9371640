"""What the algorithms that scikit-learn fits have in common."""

from __future__ import annotations


class ScikitLearn:
    """Part of `base.Algorithm`: one machine fits, and the library is loaded when it is needed."""

    distributed = False

    def library(self) -> str:
        """Name and version of the library."""
        from sklearn import __version__

        return f"scikit-learn {__version__}"
