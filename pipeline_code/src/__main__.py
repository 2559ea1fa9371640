"""Entry point of the code archive: `python3 <archive>.zip <step> --use-case NAME [arguments]`.

Python runs a zip that holds a `__main__.py` and puts the zip itself first on `sys.path`. The archive's `usecases/` has
no `__init__.py` (each use case is added by its own folder), and zip archives without directory entries know no
namespace packages: the parent package is therefore declared here.
"""

import sys
from pathlib import PurePosixPath
from types import ModuleType

_ARCHIVE = sys.path[0]

if "usecases" not in sys.modules:
    _parent = ModuleType("usecases", "Use cases in this archive.")
    _parent.__path__ = [str(PurePosixPath(_ARCHIVE) / "usecases")]
    sys.modules["usecases"] = _parent

from govml_pipeline.main import main  # noqa: E402  the package is found only after the lines above

if __name__ == "__main__":
    raise SystemExit(main(archive=_ARCHIVE))
