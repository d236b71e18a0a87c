"""The house: floors, weight, and that what is public is documented."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import emoji_mock

PACKAGE = Path(emoji_mock.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
_ABOVE_ALL = ("emoji_mock.cli.main", "emoji_mock.config.config_file", "emoji_mock.config.reload")
_FILES = (
    "emoji_mock.config.scenarios",
    "emoji_mock.config.toml_file",
    "emoji_mock.config.toml_positions",
)
NEVER = {
    "emoji_mock.contract": (
        "emoji_mock.fake",
        "emoji_mock.verdict",
        "emoji_mock.client",
        "emoji_mock.interceptors",
        "emoji_mock.conformance",
        "emoji_mock.testing",
        *_FILES,
        *_ABOVE_ALL,
    ),
    "emoji_mock._support.active_fakes": ("emoji_mock",),
    "emoji_mock.client": (
        "emoji_mock.fake",
        "emoji_mock.verdict",
        "emoji_mock.interceptors",
        "emoji_mock.conformance",
        "emoji_mock.testing",
        *_ABOVE_ALL,
    ),
    "emoji_mock.verdict": (
        "emoji_mock.client",
        "emoji_mock.interceptors",
        "emoji_mock.conformance",
        "emoji_mock.testing",
        *_ABOVE_ALL,
    ),
    "emoji_mock.media.videos": (
        "emoji_mock.fake",
        "emoji_mock.client",
        "emoji_mock.interceptors",
        "emoji_mock.testing",
        "emoji_mock.cli.main",
    ),
    "emoji_mock.fake": (
        "emoji_mock.client",
        "emoji_mock.verdict",
        "emoji_mock.interceptors",
        "emoji_mock.conformance",
        "emoji_mock.testing",
        *_FILES,
        *_ABOVE_ALL,
    ),
    "emoji_mock.interceptors": ("emoji_mock.client", "emoji_mock.conformance", "emoji_mock.testing", *_ABOVE_ALL),
    "emoji_mock.conformance": ("emoji_mock.client", "emoji_mock.interceptors", "emoji_mock.testing", *_ABOVE_ALL),
    "emoji_mock.testing": (
        "emoji_mock.client",
        "emoji_mock.conformance",
        *_ABOVE_ALL,
        "pytest",
        "pytest_emoji_mock",
    ),
    "emoji_mock.config.scenarios": ("emoji_mock.interceptors", "emoji_mock.testing", *_ABOVE_ALL),
    "emoji_mock.media.portraits": (
        "emoji_mock.media.videos",
        "emoji_mock.fake",
        "emoji_mock.client",
        "emoji_mock.interceptors",
        "emoji_mock.conformance",
        "emoji_mock.testing",
        *_ABOVE_ALL,
    ),
}


def name_of(path):
    """Return the dotted name of a module."""
    return ".".join((PACKAGE.name, *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


def imports(tree):
    """Return every module that a tree imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_run_downwards(path):
    """No floor imports one above it."""
    name = name_of(path)
    above = [forbidden for floor, names in NEVER.items() if name.startswith(floor) for forbidden in names]
    bad = [
        target
        for target in imports(ast.parse(path.read_text()))
        if any(f"{target}.".startswith(f"{one}.") for one in above)
    ]
    assert bad == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_imports_what_is_for_tests_alone(path):
    """Strategies and the Faker provider are leaves: no other module knows them."""
    generators = ("emoji_mock.strategies", "emoji_mock.faker")
    own = next((one for one in generators if name_of(path).startswith(one)), None)
    known = {
        one
        for target in imports(ast.parse(path.read_text()))
        for one in generators
        if f"{target}.".startswith(f"{one}.")
    }
    assert known <= {own}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_what_is_public_is_documented(path):
    """Every module, and every public class, function and method, says in a sentence what it is."""
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree)
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    bare = [
        node.name
        for node in tree.body
        if isinstance(node, definitions) and node.name[0] != "_" and not ast.get_docstring(node)
    ]
    assert bare == []


@pytest.mark.parametrize("path", sorted(Path(__file__).parent.rglob("test_*.py")), ids=lambda path: path.stem)
def test_every_test_states_its_rule(path):
    """Each test function has a sentence."""
    tests = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]
    assert [node.name for node in tests if not ast.get_docstring(node)] == []


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
        ("import emoji_mock.server.run", {"pydantic", "fastapi", "PIL", "rich", "httpx", "av"}),
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


def test_public_names_exist_and_a_wrong_one_is_told():
    """Each name in `__all__` can be had, and a typo names what there is."""
    assert all(getattr(emoji_mock, name) for name in emoji_mock.__all__)
    assert dir(emoji_mock) == sorted(emoji_mock.__all__)
    with pytest.raises(AttributeError, match="'Fak'; it offers Clock, Code, EmojiApi"):
        _ = emoji_mock.Fak
