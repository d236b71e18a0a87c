"""The house: sizes, names, words, what each part loads, and that what is public is documented."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_emoji_mock

import emoji_mock
from emoji_mock.interceptors.registry import INTERCEPTORS, NEIGHBOURS

HERE = Path(__file__).parent
PROJECT = HERE.parent / "pyproject.toml"
PACKAGES = [Path(package.__file__).parent for package in (emoji_mock, pytest_emoji_mock)]
MODULES = sorted(path for package in PACKAGES for path in package.rglob("*.py"))
TESTS = sorted(HERE.rglob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION, FULLEST_FOLDER = 250, 40, 12
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

# Words of an earlier, private vocabulary; each thing has a standard name now (see CONTRIBUTING).
BANNED = re.compile(
    r"weather|toll|doom|hearer|(?<![a-z])(dice|shelf|shelves|books?|boards?|seams?|doors?|deeds?|blam(e|ed|es|ing)"
    r"|lend(s|ing)?|stands? guard|endured)(?![a-z])",
    re.IGNORECASE,
)


def name_of(path):
    """Return the dotted name of a module."""
    package = next((package for package in PACKAGES if path.is_relative_to(package)), HERE)
    return ".".join((package.name, *path.relative_to(package).with_suffix("").parts)).removesuffix(".__init__")


class Definition(NamedTuple):
    """A module, class, function or method."""

    module: str
    name: str
    kind: type
    lines: int
    documented: bool
    is_top: bool


@cache
def definitions(path):
    """Return the definitions in a module, itself first; its tree is not kept, or each garbage collection would walk it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tops = {id(tree), *map(id, tree.body)}
    return [
        Definition(
            module=name_of(path),
            name=getattr(node, "name", ""),
            kind=type(node),
            lines=getattr(node, "end_lineno", 0) - getattr(node, "lineno", 0) + 1,
            documented=ast.get_docstring(node) is not None,
            is_top=id(node) in tops,
        )
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, *FUNCTIONS))
    ]


def import_contracts():
    """Return import-linter's contracts by id."""
    contracts = tomllib.loads(PROJECT.read_text())["tool"]["importlinter"]["contracts"]
    return {contract["id"]: contract for contract in contracts}


def test_import_contracts_hold():
    """import-linter finds every contract of pyproject.toml kept: floors, circles, libraries."""
    pytest.importorskip("importlinter", reason="import-linter comes with the extra `ci`")
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    command = [sys.executable, "-c", code, "--no-logo", "--no-cache", PROJECT]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_modules_are_short():
    """A module has at most 250 lines."""
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_functions_are_short():
    """A function has at most 40 lines."""
    functions = [one for path in MODULES for one in definitions(path) if one.kind in FUNCTIONS]
    assert [one for one in functions if one.lines > LONGEST_FUNCTION] == []


def test_no_folder_is_full():
    """A folder holds at most 12 modules besides its `__init__`."""
    folders = Counter(path.parent for path in MODULES if path.name != "__init__.py")
    assert {folder.name for folder, count in folders.items() if count > FULLEST_FOLDER} == set()


def test_no_class_name_stands_twice():
    """Each public class has a name of its own, so that a name says which class it is."""
    tops = [one.name for path in MODULES for one in definitions(path) if one.kind is ast.ClassDef and one.is_top]
    classes = Counter(name for name in tops if name[0] != "_")
    assert {name for name, count in classes.items() if count > 1} == set()


def test_words_are_standard_ones():
    """No word of the earlier private vocabulary is left."""
    found = [
        f"{name_of(path)}: {line}"
        for path in (*MODULES, *(path for path in TESTS if path != Path(__file__)))
        for line in path.read_text(encoding="utf-8").splitlines()
        if BANNED.search(line)
    ]
    assert found == []


def test_words_of_the_pages_are_standard_ones():
    """Neither do the pages of the manual use such a word."""
    pages = (HERE.parent / "docs").rglob("*.md")
    assert {page.name for page in pages if BANNED.search(page.read_text(encoding="utf-8"))} == set()


def test_every_interceptor_is_registered():
    """Each module with an INTERCEPTOR or a NEIGHBOUR is in the registry, and import-linter keeps it from the others."""
    found = {
        name_of(path)
        for path in MODULES
        if re.search("^(INTERCEPTOR|NEIGHBOUR) = ", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {*INTERCEPTORS.values(), *NEIGHBOURS.values()} == found
    assert set(import_contracts()["interceptors"]["modules"]) == found | {"emoji_mock.interceptors.respx"}


def test_contributing_names_files_that_exist():
    """Each path that CONTRIBUTING and the pages of docs/ name is in the repository, and each package has its floor there."""
    page = HERE.parent / "CONTRIBUTING.md"
    if not page.exists():
        pytest.skip("only in a checkout: the tests also run against an installed wheel")
    text = "".join(one.read_text(encoding="utf-8") for one in (page, *HERE.parent.glob("docs/**/*.md")))
    paths = set(re.findall(r"`((?:emoji_mock|pytest_plugin|tests|fixtures|docs|\.ci|\.github)/[^`\s]*)`", text))
    assert len(paths) > 40
    assert [path for path in sorted(paths) if not (HERE.parent / path).exists()] == []
    assert {f"emoji_mock/{path.name}/" for path in PACKAGES[0].iterdir() if (path / "__init__.py").exists()} <= paths


def test_what_is_public_is_documented():
    """Every module, and every public class, function and method, says in a sentence what it is."""
    tops = [one for path in MODULES for one in definitions(path) if one.is_top]
    assert [one for one in tops if not one.documented and one.name[:1] != "_"] == []


def test_every_test_states_its_rule():
    """Each test function has a sentence."""
    tests = [one for path in TESTS if path.name.startswith("test_") for one in definitions(path)]
    assert [one for one in tests if one.name.startswith("test_") and not one.documented] == []


@pytest.mark.parametrize(
    ("statement", "forbidden"),
    [
        (
            "import emoji_mock",
            {
                "msgspec",
                "pydantic",
                "fastapi",
                "uvicorn",
                "PIL",
                "asyncio",
                "rich",
                "json",
                "dataclasses",
                "hypothesis",
                "faker",
            },
        ),
        (
            "from emoji_mock import Fake; Fake()",
            {"pydantic", "fastapi", "uvicorn", "PIL", "asyncio", "rich", "httpx", "av"},
        ),
        (
            "from emoji_mock.config.serve_settings import *; ServeSettings(__import__('argparse').Namespace())",
            {"tomllib", "difflib", "pydantic", "fastapi", "uvicorn", "PIL", "rich"},
        ),
        ("import emoji_mock.server.run", {"pydantic", "fastapi", "PIL", "rich", "httpx", "av"}),
        (
            "import emoji_mock.cli.serving.serve",
            {"trustme", "cryptography", "pydantic", "fastapi", "PIL", "rich", "prometheus_client"},
        ),
        ("import emoji_mock.testing.serving.session_server", {"trustme", "cryptography", "pydantic", "fastapi", "PIL"}),
        ("import emoji_mock.media.videos", {"PIL", "av", "asyncio"}),
        ("import emoji_mock.client", {"msgspec", "httpx", "httpx2", "tenacity", "anyio", "asyncio", "PIL", "rich"}),
        ("from emoji_mock.client import EmojiDetect", {"httpx", "httpx2", "fastapi", "pydantic", "PIL", "rich"}),
        ("import emoji_mock.conformance.runner", {"pydantic", "fastapi", "uvicorn", "PIL", "rich", "httpx", "httpx2"}),
        ("import emoji_mock.cli.main", {"msgspec", "pydantic", "fastapi", "uvicorn", "PIL", "asyncio", "rich"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nothing_unused_is_loaded(statement, forbidden):
    """Importing a part loads no framework that it does not use."""
    code = f"{statement}; import sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert forbidden & set(loaded) == set()


def test_public_names_exist_and_a_wrong_one_is_reported():
    """Each name in `__all__` can be had, and a typo names what there is."""
    assert all(getattr(emoji_mock, name) for name in emoji_mock.__all__)
    assert dir(emoji_mock) == sorted(emoji_mock.__all__)
    with pytest.raises(AttributeError, match="'Fak'; choose from Clock, Code, EmojiApi"):
        _ = emoji_mock.Fak


@pytest.mark.parametrize(
    ("schema", "pattern"), [("compose-spec", "compose.yaml"), ("github-workflows", ".github/*/*.yml")]
)
def test_files_for_other_programs_have_their_form(schema, pattern):
    """The keys and types of a compose file and of a workflow are those of its specification."""
    files = sorted(HERE.parent.glob(pattern))
    if not files:
        pytest.skip("only in a checkout: the tests also run against an installed wheel")
    pytest.importorskip("check_jsonschema", reason="check-jsonschema comes with the extra `docs`")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *files]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "ok -- validation done\n"), result.stdout
