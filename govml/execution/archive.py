"""Model archives (`model.tar.gz`): written byte for byte the same for the same files, and opened safely."""

from __future__ import annotations

import gzip
import shutil
import tarfile
from pathlib import Path, PurePosixPath

from govml.errors import UserError

# A gzip of zeros expands a thousandfold; no model of this size runs on the machines that this executor is for.
MAX_EXTRACTED_BYTES = 8 * 1024**3
MAX_MEMBERS = 10_000


def write_archive(directory: Path, archive: Path) -> None:
    """Pack the files below `directory` into a gzipped tar that depends on their names, modes and content only.

    Owners, times and the order of the directory listing are levelled out, so that equal models have equal digests.

    Raises:
        ValueError: the directory holds something that is neither file nor directory.
    """
    with (
        archive.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=6, mtime=0) as stream,
        tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in sorted(directory.rglob("*"), key=lambda item: item.relative_to(directory).as_posix()):
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                raise ValueError(f"{path.relative_to(directory)} is neither a file nor a directory")
            member = tarfile.TarInfo(path.relative_to(directory).as_posix())
            if path.is_dir():
                member.type, member.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(member)
                continue
            member.size = path.stat().st_size
            member.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            with path.open("rb") as content:
                tar.addfile(member, content)


def extract_archive(archive: Path, directory: Path) -> None:
    """Unpack a model archive that somebody else may have made.

    Only files and directories below `directory` come out: no links, devices, absolute or climbing paths
    (the rules of PEP 706, whose filter Python has only from 3.11.4 on), no more than `MAX_MEMBERS` of them and
    `MAX_EXTRACTED_BYTES` bytes.

    Raises:
        UserError: the archive is damaged or breaks one of these rules; `directory` may then hold a part of it.
    """
    try:
        with tarfile.open(archive, "r:gz") as tar:
            total = 0
            for count, member in enumerate(tar, start=1):
                total += member.size
                if count > MAX_MEMBERS or total > MAX_EXTRACTED_BYTES:
                    raise UserError(f"{archive.name} is larger than a model archive may be")
                if not (member.isfile() or member.isdir()):
                    raise UserError(f"{archive.name} holds {member.name!r}, which is neither a file nor a directory")
                _write_member(tar, member, _target(member, directory))
    except (tarfile.TarError, EOFError, OSError) as error:
        raise UserError(f"{archive.name} is no sound model archive: {error}") from error


def _target(member: tarfile.TarInfo, directory: Path) -> Path:
    name = PurePosixPath(member.name)
    if name.is_absolute() or ".." in name.parts or "\\" in member.name:
        raise tarfile.TarError(f"{member.name!r} lies outside of the archive's folder")
    return directory.joinpath(*name.parts)


def _write_member(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    if member.isdir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    content = tar.extractfile(member)
    if content is None:
        raise tarfile.TarError(f"{member.name!r} has no content")
    with content, target.open("xb") as out:
        shutil.copyfileobj(content, out)
    target.chmod(0o755 if member.mode & 0o100 else 0o644)
