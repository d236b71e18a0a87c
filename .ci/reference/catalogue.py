"""The pages of the catalogue: a table of every code, and a page for each with its exact answers."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from answers import Answer, answers, whole_answer
from layout import block, bullets, code, page, plain, sentence, split_code, table

from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.models import IMAGE_PRICE, MODELS
from emoji_mock.contract.provenance import SOURCES, Known
from emoji_mock.contract.row import Origin, Outcome, Row
from emoji_mock.contract.rows import failed
from emoji_mock.fake.endpoints.explain import explain

if TYPE_CHECKING:
    from collections.abc import Iterator

_BAD_REQUEST = 400
_INTRODUCTION = """\
The catalogue holds every answer of the vendor's other than a passed detection. Each code has a page with its exact
bytes, what it costs, how it is known, and how to provoke it. `emoji-mock explain CODE` prints the same.

A **failed** detection comes as HTTP 200 and is billed like a passed one. **Errors**, and failed detections with HTTP
400, are not billed. In a rule or a call of `emoji_api`, the end of a code is enough: `FacePose`. Where a code has
several rows, the code alone means the first. The name of a row, such as `no-api-key`, means that row alone.
"""
_HEADERS = """\
The pages show the media type alone. A whole answer, without the headers of framing, is below. An
answer with 401 has no `x-dashscope-call-gateway`. Other answers about tasks have neither that one nor
`x-request-id`. The headers were observed in recordings of other models.
"""
_GROUPS = {
    "Failed detections": "HTTP 200 unless a model has its own way. `output` says why the picture was refused.",
    "Errors of the gateway": "The gateway comes first: the key, the account, the path and the model, the rates.",
    "Errors of the service": "The service behind the gateway reads the request, fetches the picture and inspects it.",
    "Errors of the storage": "The storage takes uploaded pictures and serves videos. It answers in XML.",
}
_ADDRESS = re.compile(r"^[a-z.]+\.com/[\w/-]+")
_WORD = re.compile(r"(\$?\{.*?\}|https://\S+|\bX-DashScope-\w+: \w+|\bsk-mock-\w+|\b[a-z]+(?:_[a-z]+)+\b)")
"""What is code in the texts of the catalogue: a rule, a URL, a header, a key, the name of a field."""


def pages() -> dict[str, str]:
    """Return the pages by their paths."""
    return {"catalogue/index.md": _index(), **{f"catalogue/{name}.md": _page(name) for name in _by_page()}}


def page_of(row: Row) -> str:
    """Return the name of the page of a row: its code, or its own name if it has no code."""
    return row.code or row.name


def _by_page() -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in ROWS:
        found.setdefault(page_of(row), []).append(row)
    return found


def _group(row: Row) -> str:
    if row.outcome is Outcome.FAILED:
        return "Failed detections"
    return f"Errors of the {row.origin}"


def _index() -> str:
    parts = [_INTRODUCTION]
    for name, text in _GROUPS.items():
        rows = [row for row in ROWS if _group(row) == name]
        lines = table(("Code", "HTTP", "Billed", "When", "Known"), map(_line, rows))
        parts += [f"## {name}", text, lines]
    counts = Counter(" and ".join(row.provenance.known) for row in ROWS)
    known = ", ".join(f"{count} {mark}" for mark, count in counts.most_common())
    letters = ", ".join(f"{code(mark.name[0])} {mark.value}" for mark in Known)
    parts += ["## Headers", _HEADERS, block("http", whole_answer(failed.FACE_POSE))]
    parts += ["## How they are known", f"The marks are {letters}. Of {len(ROWS)} rows there are: {known}.", _sources()]
    return page("Catalogue", *parts)


def _line(row: Row) -> tuple[str, ...]:
    name = f"[{code(page_of(row))}]({page_of(row)}.md)"
    own = "" if row.name in (row.code, page_of(row)) else f" {code(row.name)}"
    marks = "".join(mark.name[0] for mark in row.provenance.known)
    return name + own, str(row.status), "yes" if row.billed else "no", _when(row), marks


def _sources() -> str:
    used = {name for row in ROWS for name in row.provenance.sources}
    return table(("Source", "What it is"), ((code(name), _source(name)) for name in SOURCES if name in used))


def _source(name: str) -> str:
    """Return what a source is, its address as a link."""
    return _ADDRESS.sub(r"[\g<0>](https://\g<0>)", plain(SOURCES[name]))


def _when(row: Row) -> str:
    return _marked(row.when)


def _marked(text: str) -> str:
    """Return `text` with its words of code in backticks."""
    return plain("".join(part if part.startswith("`") else _WORD.sub(r"`\1`", part) for part in split_code(text)))


def _page(name: str) -> str:
    rows = _by_page()[name]
    if len(rows) == 1:
        return page(name, *_parts(rows[0], "##"), _BACK)
    sections = [part for row in rows for part in (f"## {row.name}", *_parts(row, "###"))]
    return page(name, f"This code has {len(rows)} rows. The code alone means the first.", *sections, _BACK)


_BACK = "[All codes](index.md)"


def _parts(row: Row, level: str) -> Iterator[str]:
    yield sentence(_when(row))
    provenance = row.provenance
    known = f"{' and '.join(provenance.known)}, {provenance.date}"
    models = ", ".join(code(name) for name in MODELS if name in row.models)
    yield table(
        ("", ""),
        [
            ("Outcome", row.outcome),
            ("HTTP status", str(row.status)),
            ("Billed", f"yes, {IMAGE_PRICE} CNY" if row.billed else "no"),
            *([("Only for", models)] if models else []),
            *([("Name of the row", code(row.name))] if row.name != row.code else []),
            ("Known", known + (f"; {plain(provenance.note)}" if provenance.note else "")),
            *(("Source", f"{code(source)}: {_source(source)}") for source in provenance.sources),
        ],
    )
    yield f"{level} {_numbered(row, 'The answer')}"
    yield from _answers(row)
    yield f"{level} {_numbered(row, 'How to provoke it')}"
    yield bullets(_ways(row))


def _numbered(row: Row, heading: str) -> str:
    """Return the heading, with the name of the row where a page has several, so that each anchor is its own."""
    return heading if len(_by_page()[page_of(row)]) == 1 else f"{heading}: {row.name}"


def _answers(row: Row) -> Iterator[str]:
    if row.origin is Origin.STORAGE:
        yield block("http", str(Answer(row.status, "application/xml", explain(row).body)))
        return
    found = answers(row)
    for answer, models in found.of_calls.items():
        if len(found.of_calls) > 1 or len(models) < len(MODELS):
            bill = ", billed" if row.outcome is Outcome.FAILED and answer.status < _BAD_REQUEST else ""
            yield f"{_listed(models)}{bill}:"
        yield block("http", str(answer))
    if found.of_tasks:
        yield "A call that creates a task is accepted, and the task fails later. Nothing is billed."
    for answer, models in found.of_tasks.items():
        yield f"The task of {_listed(models)}:"
        yield block("http", str(answer))


def _listed(models: list[str]) -> str:
    return ", ".join(map(code, models))


def _ways(row: Row) -> Iterator[str]:
    for way in explain(row).provoke:
        yield _marked(way)
    if row.origin is not Origin.STORAGE:
        verb = "fails" if row.outcome is Outcome.FAILED else "errors"
        model = f', model="{next(name for name in MODELS if name in row.models)}"' if row.models else ""
        yield f'in a test: `emoji_api.{verb}("{row.name}"{model})`'
        return
    endpoint = explain(row).provoke[-1].partition('"endpoint":"')[2].partition('"')[0]
    yield f'in a test: `emoji_api.when(endpoint="{endpoint}").errors("{row.name}")`'
