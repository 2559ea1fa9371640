"""A delivered file as a stream of text pieces that end at a line's end: decompressed, bounded, decoded, never whole in memory.

What is no text is refused here, with a message that says how to mend it.
"""

from __future__ import annotations

import codecs
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from govml_pipeline.errors import UserError

#: Bytes read at a time.
BLOCK_BYTES = 2 * 1024**2
#: A line longer than this is no line of a table.
MAX_LINE_BYTES = 1024**2
#: CSV compresses five- to thirtyfold; deflate can reach 1032-fold (zlib, "Technical Details"), which only a bomb does.
MAX_RATIO = 200
_RATIO_FROM_BYTES = 64 * 1024**2
_GZIP = b"\x1f\x8b"
_FOREIGN = {
    b"PK\x03\x04": "a ZIP archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF document",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}


@dataclass
class Piece:
    """Some whole lines.

    Args:
        first_line: number of the first line, from 1.
        text: the lines, each with its line feed, but for a last line that has none.
        last: the file ends here.
    """

    first_line: int
    text: str
    last: bool


class CsvText:
    """Pieces of one file's text, and its digest once they have all been read.

    Args:
        stream: the file as delivered, plain or gzip-compressed (told by its content).
        name: its name, for messages.
        max_bytes: largest decompressed size in bytes.

    Attributes:
        bytes_read: bytes of text so far, decompressed.
    """

    def __init__(self, stream: BinaryIO, name: str, *, max_bytes: int) -> None:
        self._stream, self._name, self._max = stream, name, max_bytes
        self._digest, self._delivered = hashlib.sha256(), 0
        self.bytes_read = 0

    @property
    def sha256(self) -> str:
        """Digest of the file as delivered, as far as it has been read."""
        return self._digest.hexdigest()

    def pieces(self) -> Iterator[Piece]:
        """Give the text piece by piece.

        Raises:
            UserError: no text, not UTF-8, damaged, too large, or suspiciously compressed.
        """
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        line, rest, started = 1, "", False
        for block in self._plain():
            rest = rest + self._decode(decoder, block, line + rest.count("\n"))
            started = True
            if (end := rest.rfind("\n")) < 0:
                if len(rest) > MAX_LINE_BYTES:
                    self._refuse_line(rest, line)
                continue
            piece, rest = rest[: end + 1], rest[end + 1 :]
            yield Piece(line, piece, last=False)
            line += piece.count("\n")
        rest += self._decode(decoder, b"", line, final=True)
        if started and ("\r" in rest.rstrip("\r") or len(rest) > MAX_LINE_BYTES):
            self._refuse_line(rest, line)
        yield Piece(line, rest, last=True)

    def _decode(self, decoder: codecs.IncrementalDecoder, block: bytes, line: int, *, final: bool = False) -> str:
        try:
            return decoder.decode(block, final)
        except UnicodeDecodeError as error:
            at = line + error.object.count(b"\n", 0, error.start)
            raise UserError(
                f"{self._name}, line {at}: not UTF-8 text (byte 0x{error.object[error.start]:02x})",
                hint="save the file as UTF-8",
            ) from error

    def _refuse_line(self, text: str, line: int) -> None:
        if "\r" in text[:MAX_LINE_BYTES]:
            raise UserError(
                f"{self._name}: its lines end in a carriage return alone", hint="end each line with a line feed"
            )
        if len(text) > MAX_LINE_BYTES:
            raise UserError(
                f"{self._name}, line {line}: longer than {MAX_LINE_BYTES:,} characters, so no line of a table",
                hint="export the data as comma-separated UTF-8 text, one record a line",
            )

    def _plain(self) -> Iterator[bytes]:
        """Give the blocks of the decompressed file."""
        first = self._read()
        for magic, what in _FOREIGN.items():
            if first.startswith(magic):
                raise UserError(
                    f"{self._name}: not a CSV file, it is {what}", hint="export the data as comma-separated UTF-8 text"
                )
        compressed = first.startswith(_GZIP)
        for block in self._unzipped(first) if compressed else self._blocks(first):
            if b"\x00" in block:
                raise UserError(
                    f"{self._name}: not a CSV file, it holds binary data",
                    hint="export the data as comma-separated UTF-8 text",
                )
            self.bytes_read += len(block)
            if self.bytes_read > self._max:
                raise UserError(
                    f"{self._name}: more than {self._max:,} bytes of CSV",
                    hint="split the file by month and deliver the parts",
                )
            if compressed and self.bytes_read > max(_RATIO_FROM_BYTES, MAX_RATIO * self._delivered):
                raise UserError(
                    f"{self._name}: unpacks to more than {MAX_RATIO} times its size, which no table does",
                    hint="deliver the plain file",
                )
            yield block

    def _blocks(self, block: bytes) -> Iterator[bytes]:
        while block:
            yield block
            block = self._read()

    def _unzipped(self, block: bytes) -> Iterator[bytes]:
        unzip, started = zlib.decompressobj(wbits=31), False
        try:
            while block:
                started = True
                yield unzip.decompress(block, BLOCK_BYTES)
                while unzip.unconsumed_tail and not unzip.eof:  # a member may end in between, and keeps its tail then
                    yield unzip.decompress(unzip.unconsumed_tail, BLOCK_BYTES)
                block = unzip.unused_data
                if unzip.eof:
                    block = block.lstrip(b"\x00") or self._read()  # padding, or a further member
                    unzip, started = zlib.decompressobj(wbits=31), False
                else:
                    block = self._read()
        except zlib.error as error:
            raise self._damaged(str(error)) from error
        if started:
            raise self._damaged("it ends in the middle")

    def _damaged(self, why: str) -> UserError:
        return UserError(f"{self._name}: the gzip file is damaged or cut off ({why})", hint="deliver the file again")

    def _read(self) -> bytes:
        block = self._stream.read(BLOCK_BYTES)
        self._digest.update(block)
        self._delivered += len(block)
        return block
