"""Read a multipart form as an uploader sends it: fields, then one file; fields after the file do not count.

By the low-level parser of python-multipart, as Starlette uses it. Its `FormParser` decodes Content-Transfer-Encoding,
which would change the stored picture, and writes large files to disk, while the fake does no I/O. The package
`multipart` refuses parts without a Content-Disposition, which is not known of OSS, and would be one more dependency.
"""

from __future__ import annotations

import logging
import re
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.contract.rows import storage as rows
from emoji_mock.fake.checks.refusal import Refused

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartParser

PARTS = 100
"""How many parts a form may have."""
FIELD_BYTES = 64 * 1024
"""How many bytes the fields before the file may have together, with their names."""
KEY_BYTES = 1023
"""How many bytes of UTF-8 an object key may have (OSS, naming conventions of objects)."""
_FIELD = rb'name="?%b"?[^\r\n]*\r\n(?:[^\r\n]+\r\n){0,8}\r\n([!-~]*)\r\n'
_FILENAME = "${filename}"

_SILENT = logging.getLogger("emoji_mock.forms")
_SILENT.disabled = True
"""In place of the parser's own log, which would print a warning for each bad form on the stderr of any program."""


class UploadForm(NamedTuple):
    """The fields before the part `file`, and the content and file name of that part."""

    fields: dict[str, str]
    file: bytes
    filename: str

    @property
    def key_bytes(self) -> int:
        """How many bytes the object key has. It is not built for that: it may be a thousand times the form."""
        key, name = self.fields.get("key", ""), self.filename
        return len(key.encode()) + key.count(_FILENAME) * (len(name.encode()) - len(_FILENAME))

    @property
    def key(self) -> str:
        """The object key, in which OSS replaces each `${filename}` by the file's name."""
        return self.fields.get("key", "").replace(_FILENAME, self.filename)


class _Part(NamedTuple):
    name: str
    filename: str
    data: bytes


def peek(body: bytes, name: bytes) -> str:
    """Return the value of a field near the start of a form, without reading the form; empty if there is none.

    `name` is a regular expression.
    """
    # A part has at most eight headers, as for the parser, so that the search takes linear time.
    found = re.compile(_FIELD % name).search(body, 0, FIELD_BYTES)
    return found[1].decode() if found is not None else ""


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
    return _form(collector)


def _form(collector: _PartCollector) -> UploadForm:
    files = [part for part in collector.parts if part.name == "file"]
    if len(files) != 1:
        raise Refused(rows.ONE_FILE)
    if collector.field_bytes > FIELD_BYTES:
        raise Refused(rows.TOO_LARGE)
    # OSS: the file is the last field, and what follows it is ignored (inferred).
    fields = {part.name: part.data for part in takewhile(lambda part: part.name != "file", collector.parts)}
    try:
        texts = {name: data.decode() for name, data in fields.items()}
    except UnicodeDecodeError:
        raise Refused(rows.MALFORMED) from None
    return UploadForm(texts, files[0].data, files[0].filename)


class _PartCollector:
    """Collect the parts of a form from a parser's callbacks. The parser bounds the headers of a part."""

    def __init__(self) -> None:
        self.parts: list[_Part] = []
        self.complete = False
        self.field_bytes = 0
        """How many bytes the fields before the file have, with their names."""
        self._headers: dict[bytes, bytes] = {}
        self._name, self._value = b"", b""
        self._part_name, self._filename = "", ""
        self._data: list[bytes] = []
        self._has_file = False

    def parser(self, boundary: bytes) -> MultipartParser:
        """Return a parser that calls this collector."""
        from python_multipart.multipart import MultipartParser  # noqa: PLC0415

        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_end,
                "on_part_data": self._part_data,
                "on_part_end": self._part_end,
                "on_end": self._end,
            },
        )
        parser.logger = _SILENT
        return parser

    def _begin(self) -> None:
        if len(self.parts) >= PARTS:
            raise Refused(rows.MALFORMED)
        self._headers, self._data = {}, []
        self._part_name, self._filename = "", ""

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name, self._value = b"", b""

    def _headers_end(self) -> None:
        from python_multipart.multipart import parse_options_header  # noqa: PLC0415

        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        name = options.get(b"name", b"")
        self._part_name = name.decode()
        self._filename = options.get(b"filename", b"").decode(errors="replace")
        self._count(len(name))

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._part_name == "file" or self._count(end - start):
            self._data.append(data[start:end])

    def _count(self, size: int) -> bool:
        """Count bytes of a field, and return whether they are kept: they precede the file and are not too many."""
        if self._has_file or self._part_name == "file":
            return False
        self.field_bytes += size
        return self.field_bytes <= FIELD_BYTES

    def _part_end(self) -> None:
        self._has_file = self._has_file or self._part_name == "file"
        self.parts.append(_Part(self._part_name, self._filename, b"".join(self._data)))

    def _end(self) -> None:
        self.complete = True
