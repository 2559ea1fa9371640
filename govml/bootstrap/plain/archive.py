"""Files that the templates read from the bucket, packed the same way every time."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from govml.bootstrap.assembly import FileAsset

_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can name


def pack(asset: FileAsset, target: Path) -> None:
    """Write an asset to a file: a copy, or a zip file of a folder with fixed dates and order.

    Args:
        asset: the asset.
        target: the file to write.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if asset.packaging != "zip":
        shutil.copyfile(asset.source, target)
        return
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(each for each in asset.source.rglob("*") if each.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(asset.source).as_posix(), _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if path.stat().st_mode & 0o100 else 0o644) << 16
            archive.writestr(entry, path.read_bytes())
