"""`CodeArchive`: the same bytes for the same sources, a program that Python runs, and nothing that is not code."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from bench import BenchStack, Stand
from hypothesis import given, settings
from hypothesis import strategies as st

from govml_constructs.ml.code_archive import CodeArchive, archive_bytes

NAMES = st.lists(st.sampled_from("abcde"), min_size=1, max_size=3).map(lambda parts: "/".join(parts) + ".py")
SOURCES = st.dictionaries(NAMES, st.binary(max_size=30), min_size=1, max_size=5)


def write(folder: Path, files: Mapping[str, bytes], *, time: int = 0) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (time, time))
    return folder


def names(content: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return set(archive.namelist())


@given(SOURCES, st.integers(0, 2**31))
@settings(max_examples=25, deadline=None)
def test_neither_time_nor_order_nor_place_matter(files: dict[str, bytes], time: int) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        first = archive_bytes({write(Path(one), files): "package"})
        again = archive_bytes({write(Path(other), dict(reversed(files.items())), time=time): "package"})
        assert first == again
        with zipfile.ZipFile(io.BytesIO(first)) as archive:
            assert {name: archive.read(name) for name in archive.namelist()} == {
                f"package/{name}": content for name, content in files.items()
            }


@given(SOURCES, st.data())
@settings(max_examples=25, deadline=None)
def test_content_and_names_matter(files: dict[str, bytes], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(files)))
    with tempfile.TemporaryDirectory() as folder:
        before = archive_bytes({write(Path(folder), files): "package"})
        assert archive_bytes({Path(folder): "elsewhere"}) != before
        write(Path(folder), {name: files[name] + b"#"})
        assert archive_bytes({Path(folder): "package"}) != before


def test_the_clock_is_not_in_it(tmp_path: Path) -> None:
    content = archive_bytes({write(tmp_path, {"a.py": b"pass", "b.py": b"pass"}): "package"})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_order_in_which_sources_are_named_does_not_matter(tmp_path: Path) -> None:
    one, other = write(tmp_path / "one", {"a.py": b"1"}), write(tmp_path / "other", {"a.py": b"2"})
    assert archive_bytes({one: "x", other: "y"}) == archive_bytes({other: "y", one: "x"})


def test_permissions_do_not_matter(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": b"pass"})
    before = archive_bytes({tmp_path: "package"})
    (tmp_path / "a.py").chmod(0o600)
    assert archive_bytes({tmp_path: "package"}) == before


def test_python_runs_it(tmp_path: Path) -> None:
    sources = write(tmp_path / "src", {"__main__.py": b"import pkg.sub, sys; print(pkg.sub.WORD, sys.argv[1])"})
    package = write(tmp_path / "pkg", {"__init__.py": b"", "sub.py": b"WORD = 'ran'"})
    path = tmp_path / "code.zip"
    path.write_bytes(archive_bytes({sources / "__main__.py": "__main__.py", package: "pkg"}))
    run = subprocess.run([sys.executable, path, "train"], capture_output=True, text=True, check=True)
    assert run.stdout == "ran train\n"


def test_caches_tests_and_the_definition_stay_out_and_data_files_come_in(tmp_path: Path) -> None:
    left_out = ["__pycache__/a.cpython-311.pyc", "__pycache__/b.py", "tests/test_a.py", "definition.json", "notes.txt"]
    put_in = ["a.py", "contract.toml", "deep/schema.json", "py.typed"]
    write(tmp_path, dict.fromkeys([*left_out, *put_in], b"{}"))
    assert names(archive_bytes({tmp_path: "p"})) == {f"p/{name}" for name in put_in}


def test_everything_that_the_use_case_s_code_reads_is_in_its_archive() -> None:
    from stacks.environment.job_code import archive_sources

    folder = Path(__file__).resolve().parents[3] / "pipeline_code" / "usecases" / "hdb_resale"
    inside = names(archive_bytes(archive_sources("hdb_resale", folder)))
    assert {"__main__.py", "govml_pipeline/main.py", "data_sources/hdb_resale/contract.toml"} <= inside
    resources = {path.name for path in folder.iterdir() if path.is_file() and path.name != "definition.json"}
    assert {f"usecases/hdb_resale/{name}" for name in resources} <= inside


def test_a_missing_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"none: no such source"):
        archive_bytes({tmp_path / "none": "package"})


def test_the_asset_has_the_archive_s_content_and_name(bench: Mapping[str, Stand], bench_folder: Path) -> None:
    code = bench["Code"].construct
    (built,) = (bench_folder / "build").iterdir()
    assert built.name == f"code-{code.digest[:16]}.zip"
    assert (bench_folder / "out" / f"asset.{code.file_name}").read_bytes() == built.read_bytes()
    assert code.uri.startswith("s3://")
    assert code.uri.endswith(f"/{code.file_name}")


def test_the_archive_is_written_once(scratch: BenchStack, tmp_path: Path) -> None:
    source = write(tmp_path, {"main.py": b"pass"}) / "main.py"
    build = tmp_path / "build"
    for construct_id in ("One", "Two"):
        CodeArchive(scratch, construct_id, sources={source: "__main__.py"}, build_folder=build)
    assert len(list(build.iterdir())) == 1
