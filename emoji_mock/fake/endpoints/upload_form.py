"""Read a multipart form as an uploader sends it: fields, then one file; fields after the file do not count.

By the low-level parser of python-multipart, as Starlette uses it. Its `FormParser` decodes Content-Transfer-Encoding,
which would change the stored picture, and writes large files to disk, while the fake does no I/O. The package
`multipart` refuses parts without a Content-Disposition, which is not known of OSS, and would be one more dependency.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.rows import storage as rows
from emoji_mock.fake.refusal import Refused

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartParser

PARTS = 100
"""How many parts a form may have."""
_FIELD_BYTES = 64 * 1024
"""How many bytes the fields of a form may have together."""


class UploadForm(NamedTuple):
    """The fields before the part `file`, and the content and file name of that part."""

    fields: dict[str, str]
    file: bytes
    filename: str


class _Part(NamedTuple):
    name: str
    filename: str
    data: bytes


def read(content_type: str, body: bytes) -> UploadForm:
    """Return the form in `body`. Raises Refused with the storage's row for a bad one."""
    from python_multipart.exceptions import FormParserError  # noqa: PLC0415 - only an upload needs it
    from python_multipart.multipart import parse_options_header  # noqa: PLC0415

    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise Refused(rows.MALFORMED)
    collector = _PartCollector()
    try:
        parser = collector.parser(boundary)
        parser.write(body)
        parser.finalize()
    except (FormParserError, UnicodeDecodeError):
        raise Refused(rows.MALFORMED) from None
    if not collector.complete:
        raise Refused(rows.MALFORMED)
    return _form(collector.parts)


def _form(parts: list[_Part]) -> UploadForm:
    files = [part for part in parts if part.name == "file"]
    if len(files) != 1:
        raise Refused(rows.ONE_FILE)
    # OSS: the file is the last field, and what follows it is ignored (inferred).
    fields = {part.name: part.data for part in takewhile(lambda part: part.name != "file", parts)}
    if sum(map(len, fields.values())) > _FIELD_BYTES:
        raise Refused(rows.TOO_LARGE)
    try:
        texts = {name: data.decode() for name, data in fields.items()}
    except UnicodeDecodeError:
        raise Refused(rows.MALFORMED) from None
    return UploadForm(texts, files[0].data, files[0].filename)


class _PartCollector:
    """Collect the parts of a form from a parser's callbacks."""

    def __init__(self) -> None:
        self.parts: list[_Part] = []
        self.complete = False
        self._headers: dict[bytes, bytes] = {}
        self._name, self._value = b"", b""
        self._data: list[bytes] = []

    def parser(self, boundary: bytes) -> MultipartParser:
        """Return a parser that calls this collector."""
        from python_multipart.multipart import MultipartParser  # noqa: PLC0415

        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_part_data": self._part_data,
                "on_part_end": self._part_end,
                "on_end": self._end,
            },
        )

    def _begin(self) -> None:
        if len(self.parts) >= PARTS:
            raise Refused(rows.MALFORMED)
        self._headers, self._data = {}, []

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name, self._value = b"", b""

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        self._data.append(data[start:end])

    def _part_end(self) -> None:
        from python_multipart.multipart import parse_options_header  # noqa: PLC0415

        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        filename = options.get(b"filename", b"").decode(errors="replace")
        self.parts.append(_Part(options.get(b"name", b"").decode(), filename, b"".join(self._data)))

    def _end(self) -> None:
        self.complete = True
