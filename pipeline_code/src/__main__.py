"""Entry point of the code archive: `python3 <archive>.zip <step> --use-case NAME [arguments]`.

Python runs a zip that holds a `__main__.py` and puts the zip itself first on `sys.path`. The archive's `usecases/`
and `data_sources/` have no `__init__.py` (each is added by its own folder), and zip archives without directory entries
know no namespace packages: the parent packages are therefore declared here.
"""

import sys
from pathlib import PurePosixPath
from types import ModuleType

_ARCHIVE = sys.path[0]

for _name in ("usecases", "data_sources"):
    if _name not in sys.modules:
        _parent = ModuleType(_name, "Folders of this archive.")
        _parent.__path__ = [str(PurePosixPath(_ARCHIVE) / _name)]
        sys.modules[_name] = _parent

from govml_pipeline.main import main  # noqa: E402  the package is found only after the lines above

if __name__ == "__main__":
    raise SystemExit(main(archive=_ARCHIVE))
