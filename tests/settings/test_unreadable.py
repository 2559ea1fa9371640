"""Files that are no agency file at all: one clear message, no traceback, no hang."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from govml.errors import UserError
from govml.settings import load_settings

UNREADABLE: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "is empty"),
    "only comments": ("# nothing\n\n", "is empty"),
    "null": ("null\n", "is empty"),
    "a list": ("- agency: a\n", "holds a list, not a mapping"),
    "a word": ("agency\n", "holds a single value, not a mapping"),
    "a number": ("12\n", "holds a single value"),
    "not UTF-8": (b"agency: caf\xe9\n", ":1: not UTF-8 (byte 0xe9)"),
    "UTF-16": ("agency: a\n".encode("utf-16"), "not UTF-8"),
    "binary": (b"\x00\x01\x02", ":1: is not YAML"),
    "a character that YAML does not allow": ("agency: a\nowner: \0b\n", ":2: is not YAML"),
    "a no-break space": ("agency:\u00a0a\nowner: b\n", "a no-break space stands on line 1: write plain spaces there"),
    "not YAML": ("agency: [a\nowner: b\n", "is not YAML"),
    "bad indentation": ("agency: a\n  owner: b\n", "agency.yaml:2: is not YAML"),
    "tab": ("agency:\n\tb: c\n", "a tab stands on line 2: write plain spaces there"),
    "two documents": ("agency: a\n---\nagency: b\n", ":2: a second YAML document"),
    "tag": ("agency: !!python/object:os.system x\n", ":1: tags (!) are refused"),
    "anchor": ("a: &x {b: c}\nd: 1\n", "anchors"),
    "alias": ("a: 1\nb: *a\n", ":2: anchors (&) and aliases (*) are refused"),
    "merge key": ("a: {b: 1}\nc:\n  <<: *a\n", ":3: anchors"),
    "mapping as key": ("{a: 1}: 2\n", "a key must be a word"),
    "deep": ("[" * 5000, "nested too deeply"),
    "deep mapping": ("{a: " * 5000, "nested too deeply"),
    "long": ("a: [" + "1," * 30000 + "]", "too long"),
    "huge escape": ('a: "\\UFFFFFFFF"\n', "is not YAML"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_file_is_told_in_one_message(refusal: Callable[[str | bytes], str], name: str) -> None:
    content, fragment = UNREADABLE[name]
    assert fragment in refusal(content)


def test_a_byte_order_mark_does_no_harm(refusal: Callable[[str | bytes], str]) -> None:
    assert ":1: agnecy: is not a known key" in refusal(b"\xef\xbb\xbfagnecy: a\n")


def test_aliases_are_refused_before_they_expand(refusal: Callable[[str], str]) -> None:
    laughs = "a: &a [x]\n" + "".join(
        f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    start = time.perf_counter()
    assert "aliases" in refusal(laughs)
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("name", ["absent.yaml", "", "nul\0byte.yaml", "x" * 5000])
def test_a_name_without_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match=r"does not exist|cannot be read|is not a file"):
        load_settings(f"{tmp_path}/{name}")


def test_a_folder_a_pipe_and_a_device_are_not_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)  # opening it would block for ever
    for path in (tmp_path, pipe, Path("/dev/zero")):
        with pytest.raises(UserError, match="is not a file"):
            load_settings(path)


def test_a_file_of_another_kind_is_not_answered_at_length(refusal: Callable[[str], str]) -> None:
    text = refusal("".join(f"k{number}: 1\n" for number in range(5000)))
    assert len(text.splitlines()) < 250
    assert text.endswith("more: is it an agency file?")


def test_a_huge_file_is_refused_unread(refusal: Callable[[str], str]) -> None:
    assert "larger than 256 KiB" in refusal("#" * (256 * 1024 + 1))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "agency.yaml"
    path.write_text("agency: a")
    path.chmod(0)
    with pytest.raises(UserError, match="cannot be read: Permission denied"):
        load_settings(path)
