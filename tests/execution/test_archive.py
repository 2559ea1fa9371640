from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from govml.errors import UserError
from govml.execution.archive import extract_archive, write_archive


def test_equal_files_give_equal_archives(tmp_path: Path) -> None:
    archives = []
    for name, order, time in (("one", "ab", 1_000), ("two", "ba", 2_000_000_000)):
        directory = tmp_path / name
        (directory / "deep").mkdir(parents=True)
        for file in order:
            (directory / "deep" / file).write_text(file)
            os.utime(directory / "deep" / file, (time, time))
        write_archive(directory, tmp_path / f"{name}.tar.gz")
        archives.append((tmp_path / f"{name}.tar.gz").read_bytes())
    assert archives[0] == archives[1]
    assert archives[0][4:8] == b"\0\0\0\0", "gzip's time stamp"


def test_what_was_packed_comes_out(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "run.sh").write_text("run")
    (tmp_path / "in" / "deep" / "run.sh").chmod(0o700)
    write_archive(tmp_path / "in", tmp_path / "m.tar.gz")
    extract_archive(tmp_path / "m.tar.gz", tmp_path / "out")
    assert (tmp_path / "out" / "deep" / "run.sh").read_text() == "run"
    assert os.access(tmp_path / "out" / "deep" / "run.sh", os.X_OK)


def test_a_link_is_not_packed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link").symlink_to("/etc/passwd")
    with pytest.raises(ValueError, match="link"):
        write_archive(tmp_path / "in", tmp_path / "m.tar.gz")


def archive_of(path: Path, member: tarfile.TarInfo, content: bytes = b"") -> Path:
    with tarfile.open(path, "w:gz") as tar:
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize(
    ("name", "kind", "target"),
    [
        ("../evil", tarfile.REGTYPE, ""),
        ("a/../../evil", tarfile.REGTYPE, ""),
        ("link", tarfile.SYMTYPE, "/etc/passwd"),
        ("hard", tarfile.LNKTYPE, "x"),
        ("pipe", tarfile.FIFOTYPE, ""),
        ("device", tarfile.CHRTYPE, ""),
    ],
)
def test_an_archive_that_reaches_out_is_refused(tmp_path: Path, name: str, kind: bytes, target: str) -> None:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    (tmp_path / "out" / "deep").mkdir(parents=True)
    with pytest.raises(UserError):
        extract_archive(archive_of(tmp_path / "m.tar.gz", member), tmp_path / "out" / "deep")
    assert not list(tmp_path.rglob("evil"))


def test_an_archive_in_which_one_file_hides_another_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "m.tar.gz", "w:gz") as tar:
        for _ in range(2):
            tar.addfile(tarfile.TarInfo("model"))
    with pytest.raises(UserError, match="no sound model archive"):
        extract_archive(tmp_path / "m.tar.gz", tmp_path / "out")


def test_an_archive_that_is_too_large_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("govml.execution.archive.MAX_EXTRACTED_BYTES", 10)
    archive = archive_of(tmp_path / "m.tar.gz", tarfile.TarInfo("big"), b"0" * 11)
    with pytest.raises(UserError, match="larger"):
        extract_archive(archive, tmp_path / "out")
    assert not (tmp_path / "out" / "big").exists()


@pytest.mark.parametrize(
    "damage", [lambda b: b[: len(b) // 2], lambda _: b"", lambda _: b"not a tar", lambda b: b[:30] + b"\0\0" + b[32:]]
)
def test_a_damaged_archive_is_refused(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    archive = archive_of(tmp_path / "m.tar.gz", tarfile.TarInfo("model"), os.urandom(2000))
    archive.write_bytes(damage(archive.read_bytes()))
    with pytest.raises(UserError, match="no sound model archive"):
        extract_archive(archive, tmp_path / "out")
