"""Criteria: which calls an assertion means."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, TypedDict

from emoji_mock.contract.catalogue import UnknownCodeError, find_all
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.api_keys import as_fingerprint
from emoji_mock.fake.rules.scope import endpoint_name

if TYPE_CHECKING:
    from emoji_mock.fake.accounting.journal import Entry


_SHOWN = 160


class Criteria(TypedDict, total=False):
    """What a call can be told by: picture URL (shell pattern), model, key, outcome, code (or its end), endpoint."""

    image_url: str
    model: str
    key: str
    outcome: str
    code: str
    endpoint: str


def check(criteria: Criteria) -> None:
    """Raise TypeError for a criterion that there is not, ValueError for an endpoint, outcome or code of that kind."""
    __tracebackhide__ = True  # pytest then shows the test that made the mistake
    unknown = [repr(name) for name in criteria if name not in Criteria.__annotations__]
    if unknown:
        raise TypeError(f"no criterion {', '.join(unknown)}; there are {', '.join(Criteria.__annotations__)}")
    outcome, code, endpoint = criteria.get("outcome"), criteria.get("code"), criteria.get("endpoint")
    if outcome is not None and outcome not in tuple(Outcome):
        raise ValueError(f"outcome: {outcome!r} is none of {', '.join(Outcome)}")
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
    """Return, for each criterion that `entry` does not meet, what was wanted and what it was."""
    problems: list[str] = []
    pattern, model = criteria.get("image_url"), criteria.get("model")
    # A URL may hold what a pattern takes for its own: `?`, `[`.
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
        problems.append(f"outcome is {entry.outcome}, not {outcome}")
    if code is not None and entry.row not in {row.name for row in find_all(code)}:
        problems.append(f"code is {entry.code or 'none'}, not {code}")
    return problems


def shortened(text: str) -> str:
    """Return `text` as it fits into a line; a picture in a `data:` URL does not."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"


def shown(criteria: Criteria) -> str:
    """Return `criteria` as a person would say them."""
    told = {name: as_fingerprint(str(value)) if name == "key" else value for name, value in criteria.items()}
    return ", ".join(f"{name}={value!r}" for name, value in told.items()) or "any"
