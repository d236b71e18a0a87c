"""The documents on a page: each is read as what it is."""

import json
import re
import tomllib
from functools import cache
from xml.etree import ElementTree as ET

from page_blocks import PageError

from emoji_mock.config import file, scenarios


def check_document(block, folder):
    """Raise a `PageError` unless a block in a language of documents is a valid one of its kind."""
    checks = {"http": _check_http, "toml": _check_toml, "json": _check_json, "yaml": _check_yaml}
    try:
        checks[block.language](block, folder)
    except Exception as error:
        if isinstance(error, PageError):
            raise
        raise PageError(block.line, f"no valid {block.language}: {error}") from error


def _check_http(block, _):
    """Read a request or an answer: its first line, its headers, and its body if its type is JSON or XML."""
    head, _, body = block.text.partition("\n\n")
    first, *lines = head.splitlines()
    if not re.fullmatch(r"HTTP/1\.1 \d{3} .+|[A-Z]+ \S+ HTTP/1\.1", first):
        raise PageError(block.line, f"`{first}` is no first line of a message of HTTP/1.1")
    headers = {name.lower(): value for name, _, value in (line.partition(":") for line in lines)}
    kind = headers.get("content-type", "")
    if "json" in kind:
        json.loads(body)
    if "xml" in kind:
        ET.fromstring(body.encode())  # noqa: S314 - a page of ours


def _check_json(block, _):
    json.loads(block.text)


def _check_toml(block, folder):
    """Read a file of the project, a scenario (which is described), or a configuration of `serve`."""
    document = tomllib.loads(block.text)
    if block.title == "pyproject.toml" or {"project", "tool"} & document.keys():
        return
    path = folder / (block.title or "document.toml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(block.text, "utf-8")
    if "description" in document:
        scenarios.find(str(path), folder)
    else:
        file.load(path)


def kind_of_yaml(block, document):
    """Return which kind of YAML a document is, by its title and its keys."""
    keys = set(document) if isinstance(document, dict) else set()
    if ".github/workflows" in block.title or {"jobs", "on"} <= keys or {"jobs", True} <= keys:
        return "github-workflows"
    if "compose" in block.title or "services" in keys:
        return "compose-spec"
    if "gitlab" in block.title or any(isinstance(job, dict) and "script" in job for job in document.values()):
        return "gitlab-ci"
    if "scrape_configs" in keys:
        return "prometheus"
    if "interactions" in keys:
        return "cassette"
    known = "a workflow of GitHub or GitLab, compose, Prometheus, a cassette of vcrpy"
    raise PageError(block.line, f"an unknown kind of YAML; known are {known}")


def load_yaml(text):
    """Return a document in YAML, where `on` is a word as GitHub reads it."""
    import yaml

    class Loader(yaml.SafeLoader):
        yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML has it so
            first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
            for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), ["t", "f"])
    return yaml.load(text, Loader)  # noqa: S506 - a subclass of the safe one


@cache
def _validator(kind):
    from check_jsonschema.builtin_schemas import get_builtin_schema
    from jsonschema import validators

    schema = get_builtin_schema(f"vendor.{kind}")
    return validators.validator_for(schema)(schema)


def _check_yaml(block, _):
    document = load_yaml(block.text)
    kind = kind_of_yaml(block, document)
    if kind in ("prometheus", "cassette"):  # no schema of them is here; the page's own commands read the second
        return
    from jsonschema.exceptions import best_match

    error = best_match(_validator(kind).iter_errors(document))
    if error is not None:
        raise PageError(block.line, f"no valid {kind}: {error.json_path}: {error.message}")
