"""Every name of ours that a page, a message or a help text uses is there."""

import re
import tomllib
from pathlib import Path

import pytest

pytest.importorskip("markdown_it", reason="markdown-it-py comes with the extra `test`")
import known_names
from name_checks import problems
from page_blocks import read_blocks
from page_spans import names_of_others, spans_of_code, spans_of_page

HOME = Path(__file__).parents[2]
PAGES = [HOME / "README.md", HOME / "CONTRIBUTING.md", *sorted((HOME / "docs").rglob("*.md"))]
MODULES = [path for folder in known_names.SOURCES for path in sorted(folder.rglob("*.py"))]

pytestmark = pytest.mark.skipif(not PAGES[1].exists(), reason="only in a checkout")


def mistakes(text, pytest_names):
    """Return the names on a page that are not there, each with its line."""
    others = names_of_others(text)
    pieces = [(line, span, True) for line, span in spans_of_page(text)]
    for block in read_blocks(text):
        if block.language in ("console", "python", "sh", "toml", "ini") and not block.status:
            pieces += [(block.line + number, line, False) for number, line in enumerate(block.text.splitlines(), 1)]
    return [
        f"{line}: {problem}"
        for line, piece, is_span in pieces
        for name, problem in problems(piece, pytest_names, is_span=is_span)
        if name not in others
    ]


@pytest.fixture(scope="module")
def names(pytestconfig):
    """Return the names of pytest's and of the plugin's."""
    return known_names.pytest_names(pytestconfig)


def test_the_names_on_pages_are_there(names):
    """Each code, option, fixture, path and so on that a page names exists; else the nearest one is named."""
    found = [
        f"{page.relative_to(HOME)}:{mistake}" for page in PAGES for mistake in mistakes(page.read_text("utf-8"), names)
    ]
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_the_names_in_messages_are_there(names):
    """Likewise those in the texts of the code: messages, help texts, the manual."""
    found = [
        f"{path.relative_to(HOME)}:{line}: {problem}"
        for path in MODULES
        for line, span in spans_of_code(path.read_text("utf-8"))
        for _, problem in problems(span, names)
    ]
    if found:
        pytest.fail("\n".join(found), pytrace=False)


MISTAKES = {
    "the code `InvalidFile.FacePoze`": "`InvalidFile.FacePoze` is no code that there is; the nearest: `InvalidFile.FacePose`",
    "call `emoji_api.fails('Nobody')`": "`Nobody` is no code that there is; the nearest: `FrontBody`",
    "`https://emoji-mock.test/error/RateQota.png`": "`RateQota` is no code that there is; the nearest: `RateQuota`",
    "nearly a code: `FacePoses`": "`FacePoses` is no name that there is; the nearest: `FacePose`",
    "start it with `--journal-length 5`": "`--journal-length` is no option of emoji-mock or pytest that there is; the nearest: `--journal-size`",
    "`emoji-mock serve --sead 7`": "`--sead` is no option of `emoji-mock serve` that there is; the nearest: `--seed`",
    "`--emoji-max-picture 5`": "`--emoji-max-picture` is no option of emoji-mock or pytest that there is; the nearest: `--emoji-picture`",
    "`emoji-mock sevre --port 0`": "`sevre` is no verb of `emoji-mock` that there is; the nearest: `serve`",
    "`emoji-mock scenario print happy`": "`scenario print` is no verb of `emoji-mock` that there is; the nearest: `scenario list`",
    "the setting `journal_sizes`": "`journal_sizes` is no name that there is; the nearest: `journal_size`",
    "the ini key `emoji_sceanrio`": "`emoji_sceanrio` is no fixture, mark or ini key that there is; the nearest: `emoji_scenario`",
    "the fixture `emoji_app`": "`emoji_app` is no fixture, mark or ini key that there is; the nearest: `emoji_api`",
    "`@pytest.mark.emoji(speed=7)`": "`speed` is no argument of the mark that there is; the nearest: `seed`",
    "`emoji_api.assert_calls()`": "`assert_calls` is no attribute of emoji_api that there is; the nearest: `assert_called`",
    "`pip install 'emoji-mock[visions]'`": "`visions` is no extra that there is; the nearest: `vision`",
    "`emoji_mock.client.EmojiDetector`": "`emoji_mock.client.EmojiDetector` is no Python name that there is; the nearest: `emoji_mock.client.EmojiDetect`",
    "`GET /_mock/journals`": "`/_mock/journals` is no route of the control API that there is; the nearest: `/_mock/journal`",
    "`DELETE /_mock/ledger`": "`/_mock/ledger` takes no DELETE, but GET",
    "`emoji_api.faults('hang')`": "`hang` is no fault that there is; choose from bad_gateway, close, drip, empty_reply, garbage, gateway_timeout, malformed_json, refused, reset, stall, stall_in_body, truncated_body",
    "`--fault stal=0.1`": "`stal` is no fault that there is; the nearest: `stall`",
    "`emoji-mock report --ignore no-backof`": "`no-backof` is no finding that there is; the nearest: `no-backoff`",
    "`emoji_mock_call_total`": "`emoji_mock_call_total` is no metric that there is; the nearest: `emoji_mock_calls_total`",
    "`EMOJI_MOCK_PASSWORD`": "`EMOJI_MOCK_PASSWORD` is no environment variable that there is; the nearest: `EMOJI_MOCK_STORE_PASSWORD`",
    "`docs/reference/fault.md`": "`docs/reference/fault.md` is no path of the repository that there is; the nearest: `docs/reference/faults.md`",
    '`"endpoint":"upload"`': "`upload` is no endpoint that there is; the nearest: `uploads`",
    '`scenario = "flaky-tuesday"`': "`flaky-tuesday` is no scenario that there is; the nearest: `flaky-monday`",
    "the case `failed/FacePoze`": "`FacePoze` is no code that there is; the nearest: `FacePose`",
    '`model = "emo-detect-v2"`': "`emo-detect-v2` is no model that there is; the nearest: `emo-detect-v1`",
    "start it by `serve --workres 4`": "`--workres` is no name that there is; the nearest: `--workers`",
    "the folder `emoji_mokc/fake/`": "`emoji_mokc` is no name that there is; the nearest: `emoji_mock`",
    "`emoji-mock --hepl`": "`--hepl` is no option of `emoji-mock` that there is; the nearest: `--help`",
}  # fmt: skip
"""Sentences that name what is not there, and what the test then says."""


@pytest.mark.parametrize(("sentence", "problem"), MISTAKES.items(), ids=MISTAKES)
def test_a_name_that_is_not_there_is_reported(sentence, problem, names):
    """A page that names a code, an option, a fixture and so on that is not there fails, with line and nearest name."""
    assert mistakes(f"# A page\n\nIn its third line it names {sentence}.\n", names) == [f"3: {problem}"]


BLOCKS = {
    "```console\n$ emoji-mock serve --sead 7\n```": "2: `--sead` is no option of `emoji-mock serve` that there is; the nearest: `--seed`",
    "<!-- not run: it would take a day -->\n```sh\nemoji-mock sevre\n```": "3: `sevre` is no verb of `emoji-mock` that there is; the nearest: `serve`",
    "```sh\npytest --emoji-sead 7\n```": "2: `--emoji-sead` is no option of emoji-mock or pytest that there is; the nearest: `--emoji-seed`",
    "```python\nfrom emoji_mock import EmojiServer, Banana\n```": "2: `emoji_mock.Banana` is no Python name that there is",
}  # fmt: skip
"""Blocks that name what is not there, and how what the test then says begins."""


@pytest.mark.parametrize(("block", "problem"), BLOCKS.items(), ids=BLOCKS)
def test_a_name_in_a_block_that_is_not_there_is_reported(block, problem, names):
    """So are those in a block, also in one that is not run."""
    (mistake,) = mistakes(block, names)
    assert mistake.startswith(problem)


OTHERS = (
    '`my_app.portrait_is_fine`, `portrait.py`, `check_my_portrait("https://example.com/me.png")` and `sk-mock-alice`',
    "`ConnectionResetError`, `httpx.ReadTimeout`, `requests.exceptions.ChunkedEncodingError`",
    "`DASHSCOPE_API_KEY`, `X-DashScope-Async: enable`, `output.code`, `check_pass`, `mengwa_kaixin`",
    "`pip install 'emoji-mock[EXTRA]'`, `Throttling.*`, `InvalidURL…`, `emoji-mock VERB --help`",
    "`curl --fail http://127.0.0.1:8000/_mock/rules/7`, `docker run --rm -p 8000:8000 emoji-mock`",
    "`--cov-report=html`, `-n auto`, `--dist=worksteal`",
)  # fmt: skip
"""Sentences with names of users, of the vendor's and of other programs."""


@pytest.mark.parametrize("sentence", OTHERS)
def test_names_of_others_are_left_alone(sentence, names):
    """What the vendor, Python, another program or the reader names is no mistake."""
    assert mistakes(f"Write {sentence}.", names) == []


def test_a_page_can_say_that_a_name_is_wrong_on_purpose(names):
    """A comment names what a page shows as a mistake."""
    text = "The code `InvalidFile.FacePoze` is a typo.\n"
    assert mistakes(text, names) == [
        "1: `InvalidFile.FacePoze` is no code that there is; the nearest: `InvalidFile.FacePose`"
    ]
    assert mistakes(f"<!-- not names: InvalidFile.FacePoze -->\n\n{text}", names) == []


def test_the_first_page_lists_every_extra():
    """Each extra of pyproject.toml has a row, except those that are for work on this project."""
    project = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))["project"]
    rows = re.findall(r"^\| (`.*?) \|", (HOME / "docs" / "index.md").read_text("utf-8"), re.MULTILINE)
    listed = {name for row in rows for name in re.findall(r"`([a-z]+)`", row)}
    assert listed == project["optional-dependencies"].keys() - {"test", "neighbours", "docs", "ci"}
