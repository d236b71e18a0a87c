"""A multipart form as an uploader sends it: fields, and one file after them; fields after the file do not count."""

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
"""How long the fields of a form may be together."""


class Form(NamedTuple):
    """What a form holds; the file is what its part `file` holds."""

    fields: dict[str, str]
    file: bytes
    filename: str


def read(content_type: str, body: bytes) -> Form:
    """Return the form in `body`. Raises Refused with what the storage says of a bad one."""
    from python_multipart.exceptions import FormParserError  # noqa: PLC0415 - only an upload pays for it
    from python_multipart.multipart import parse_options_header  # noqa: PLC0415

    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise Refused(rows.MALFORMED)
    reader = _Reader()
    try:
        parser = reader.parser(boundary)
        parser.write(body)
        parser.finalize()
        return reader.form()
    except (FormParserError, UnicodeDecodeError):
        raise Refused(rows.MALFORMED) from None


class _Reader:
    """Collects the parts of a form."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, str, bytes]] = []
        self._headers: dict[bytes, bytes] = {}
        self._name, self._value = b"", b""
        self._data: list[bytes] = []
        self._whole = False

    def parser(self, boundary: bytes) -> MultipartParser:
        """Return the parser that feeds this."""
        from python_multipart.multipart import MultipartParser  # noqa: PLC0415

        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_part_data": self._part_data,
                "on_part_end": self._end,
                "on_end": self._all,
            },
        )

    def form(self) -> Form:
        """Return the form, if it has come whole and holds one file."""
        if not self._whole:
            raise Refused(rows.MALFORMED)
        files = [part for part in self._parts if part[0] == "file"]
        if len(files) != 1:
            raise Refused(rows.ONE_FILE)
        # OSS: the file is the last field, and what follows it is ignored (inferred).
        fields = {name: data for name, _, data in takewhile(lambda part: part[0] != "file", self._parts)}
        if sum(map(len, fields.values())) > _FIELD_BYTES:
            raise Refused(rows.TOO_LARGE)
        _, filename, file = files[0]
        return Form({name: data.decode() for name, data in fields.items()}, file, filename)

    def _begin(self) -> None:
        if len(self._parts) >= PARTS:
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

    def _end(self) -> None:
        from python_multipart.multipart import parse_options_header  # noqa: PLC0415

        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        filename = options.get(b"filename", b"").decode(errors="replace")
        self._parts.append((options.get(b"name", b"").decode(), filename, b"".join(self._data)))

    def _all(self) -> None:
        self._whole = True
