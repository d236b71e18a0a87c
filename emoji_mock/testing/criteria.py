"""Criteria: which calls an assertion is about."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, TypedDict

from emoji_mock._support.terminal import plain
from emoji_mock._support.validation import unknown
from emoji_mock.contract.catalogue import ROWS, UnknownCodeError, find_all
from emoji_mock.contract.endpoint import MODEL
from emoji_mock.contract.models import MODELS
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import gateway
from emoji_mock.fake.accounting.api_keys import as_fingerprint
from emoji_mock.fake.rules.fit import shortened
from emoji_mock.fake.rules.scope import endpoint_name

if TYPE_CHECKING:
    from datetime import datetime

    from emoji_mock.fake.accounting.journal import Entry


class Criteria(TypedDict, total=False):
    """What calls can be selected by: image URL (shell pattern), model, key, outcome, code (or its end), endpoint."""

    image_url: str
    model: str
    key: str
    outcome: str
    code: str
    endpoint: str


def check(criteria: Criteria) -> None:
    """Raise TypeError for an unknown criterion, ValueError for an unknown endpoint, outcome or code."""
    __tracebackhide__ = True  # pytest then shows the test that made the mistake
    for name in criteria:
        if name not in Criteria.__annotations__:
            raise TypeError(unknown("criterion", name, Criteria.__annotations__))
    outcome, code, endpoint = criteria.get("outcome"), criteria.get("code"), criteria.get("endpoint")
    if outcome is not None and outcome not in tuple(Outcome):
        raise ValueError(f"outcome: {unknown('outcome', outcome, Outcome)}")
    try:
        if endpoint is not None:
            endpoint_name(endpoint)
        if code is not None:
            find_all(code)
    except UnknownCodeError as error:
        raise ValueError(f"code: {error}") from None
    except ValueError as error:
        raise ValueError(str(error)) from None


def misses(criteria: Criteria, entry: Entry) -> list[str]:
    """Return a line for each criterion that `entry` does not meet: the actual value and the expected one."""
    problems: list[str] = []
    pattern, model = criteria.get("image_url"), criteria.get("model")
    # Compared first as text: a URL may contain `?` or `[`, which are special in a pattern.
    if pattern is not None and entry.image_url != pattern and not fnmatchcase(entry.image_url, pattern):
        problems.append(f"image_url is {shortened(entry.image_url)!r}, not like {shortened(pattern)!r}")
    if model is not None and entry.model != model:
        problems.append(f"model is {entry.model!r}, not {model!r}")
    key, outcome, code = criteria.get("key"), criteria.get("outcome"), criteria.get("code")
    if key is not None and entry.key != as_fingerprint(key):
        problems.append(f"key is {entry.key or 'none'}, not {as_fingerprint(key)}")
    endpoint = criteria.get("endpoint")
    if endpoint is not None and entry.endpoint != endpoint_name(endpoint):
        problems.append(f"endpoint is {entry.endpoint or 'none'}, not {endpoint_name(endpoint)}")
    if outcome is not None and entry.outcome != outcome:
        problems.append(f"outcome is {entry.outcome}, not {outcome}{_failed_as_error(entry, outcome)}")
    if code is not None and entry.row not in {row.name for row in find_all(code)}:
        problems.append(f"code is {entry.code or 'none'}, not {code}{_failed_without_code(entry)}")
    return problems


def is_failed_as_error(entry: Entry) -> bool:
    """Return whether a detection failed and that came as an HTTP error, which is not billed."""
    return entry.outcome == "error" and any(row.outcome is Outcome.FAILED for row in ROWS if row.name == entry.row)


def _failed_as_error(entry: Entry, outcome: str) -> str:
    if outcome != "failed" or not is_failed_as_error(entry):
        return ""
    return f": {entry.model} refuses this picture with HTTP {entry.status}, which is not billed (see failed_as)"


def _failed_without_code(entry: Entry) -> str:
    return f": {entry.model} fails without a code" if entry.outcome == "failed" and not entry.code else ""


def call_line(entry: Entry) -> str:
    """Return one exchange as a line; the model is named unless it is emoji-detect-v1, which most tests call alone."""
    ending = f"{entry.outcome} {entry.fault or entry.code}".rstrip()
    what = shortened(entry.image_url or f"{entry.method} {entry.target}")
    if entry.model not in ("", MODEL):
        what = f"{shortened(entry.model)}  {what}"
    who = entry.client or "no User-Agent"
    return plain(f"#{entry.number}  {entry.status} {ending}  {what}  ({who}, request_id {entry.request_id})")


def describe_refused_model(entry: Entry, as_of: datetime | None) -> str:
    """Return what is wrong with the model of a refused call, and what would be right, or "" if nothing is."""
    known = MODELS.get(entry.model)
    if entry.row == gateway.UNKNOWN_MODEL.name and entry.model and known is None:
        return unknown("model", shortened(entry.model), MODELS)
    if known is None:
        return ""
    if entry.row == gateway.WRONG_PATH.name and entry.endpoint not in ("", known.route.name):
        return f"{known.name} is called at {known.route.full_path}"
    if entry.row == gateway.ACCESS_DENIED.name and as_of is not None and known.is_retired(as_of) and known.retirement:
        return f"{known.name} is retired from {known.retirement.at:%Y-%m-%d} on, and as_of is {as_of:%Y-%m-%d}"
    return ""


def shown(criteria: Criteria) -> str:
    """Return `criteria` as a test writes them, with keys as fingerprints."""
    values = {name: as_fingerprint(str(value)) if name == "key" else value for name, value in criteria.items()}
    return ", ".join(f"{name}={value!r}" for name, value in values.items()) or "any"
