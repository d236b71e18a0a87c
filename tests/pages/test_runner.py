"""The runner of pages, on pages with mistakes: each fails with its line and a message that says what to change."""

import shutil
import uuid
from textwrap import dedent

import page_session
import page_shell
import pytest
from page_blocks import PageError, read_needs
from page_session import run_page

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="pages are sessions of bash")


@pytest.fixture
def problem(tmp_path):
    """Return a function that runs a page and returns its mistake, as `LINE: PROBLEM`, or nothing."""

    def run(text):
        folder = tmp_path / uuid.uuid4().hex
        folder.mkdir()
        try:
            run_page(dedent(text), folder)
        except PageError as error:
            return f"{error.line}: {error.problem}"
        return ""

    return run


GOOD = """\
    # A page with all that a page may have

    ```sh title="greet.sh"
    echo "$GREETING, $1, from $(basename "$PWD")"
    ```

    ```console
    $ export GREETING="hello \\
    you"
    $ mkdir -p here && cd here
    $ sh ../greet.sh \\
        me
    hello …, me, from …
    $ echo 'it is
    open' # isn't it?
    it is
    open
    $ printf 'one\\ntwo\\nthree\\n'
    one
    …
    three
    ```

    <!-- exit status: 3 -->
    ```console
    $ (exit 3)
    ```

    <!-- not run: only a human has a microphone -->
    ```sh
    say hello
    ```

    ```toml
    port = 8001
    ```

    ```text
    what is no code
    ```

    ```http
    HTTP/1.1 403 Forbidden
    content-type: application/json

    {"code":"AccessDenied"}
    ```

    <!-- background -->
    ```console
    $ echo listening; sleep 1000
    listening
    ```

    ```console
    $ sleep 1000 &
    $ pip install 'emoji-mock[client,tls]' pytest && echo done
    done
    ```

    ```python
    def test_of_a_page():
        assert portrait_is_fine
    ```

    ```python
    assert client
    emoji_api.fails("FacePose")
    ```
"""


@pytest.mark.slow
def test_a_good_page_has_no_mistake(problem):
    """Files, variables, folders, outputs with omissions, exit statuses, background processes, parts of programs."""
    assert problem(GOOD) == ""


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        pytest.param(
            "```console\n$ printf 'a 1\\nb\\nc'\na …\nB\nc\n```",
            "2: `printf 'a 1\\nb\\nc'` prints something else:\n--- shown on the page\n+++ what came\n a …\n-B\n+b\n c",
            id="another output",
        ),
        pytest.param(
            "```console\n$ echo a\n```",
            "2: `echo a` prints something else:\n--- shown on the page\n+++ what came\n+a",
            id="an output that is not shown",
        ),
        pytest.param(
            "```console\n$ echo why; false\n```",
            "2: `echo why; false` has exit status 1, not 0; its output:\nwhy\n",
            id="a command that fails",
        ),
        pytest.param(
            "<!-- exit status: 1 -->\n```console\n$ true\n```",
            "3: `true` has exit status 0, not 1; its output:\n",
            id="a command that does not fail",
        ),
        pytest.param(
            "\n```sh\ntrue\nls a &&\n  true\ngrep x /none || false\ntrue\n```",
            "6: `grep x /none",
            id="a line of a script",
        ),
        pytest.param(
            "```console\n$ exit 4\n$ true\n```", "2: `exit 4` has exit status 4, not 0; its output:\n", id="exit"
        ),
        pytest.param("```console\n$ exit\n```", "2: `exit` has ended bash; its output:\n", id="exit without an error"),
        pytest.param(
            "```console\n$ echo 'a\n```", "2: `echo 'a` has exit status 2, not 0; its output:\n", id="an open quote"
        ),
        pytest.param(
            "```cobol\nSTOP RUN.\n```",
            "1: a block of cobol, for which there is no rule; give it a title, or say <!-- not run: … -->",
            id="an unknown language",
        ),
        pytest.param(
            "text\n\n```\ncode\n```", "3: a block without a language; `text` is for what is no code", id="none"
        ),
        pytest.param(
            "text\n\n    code\n", "3: an indented block of code; put it between ``` and a language", id="indented"
        ),
        pytest.param(
            "```java\nclass A {}\n```",
            '1: a block of java without title="NAME", so no command can use it',
            id="no title",
        ),
        pytest.param(
            "```java A.java\nclass A {}\n```", '1: `A.java` is not title="NAME"', id="a title of another form"
        ),
        pytest.param(
            '```java title="../A.java"\n```', "1: the title `../A.java` is outside the page's folder", id="outside"
        ),
        pytest.param(
            '```java title="A.java"\nclass A {}\n```', "1: no command of the page uses the file `A.java`", id="not used"
        ),
        pytest.param(
            "```text\n$ ls\n```", "1: a block of text with a command; `console` and `sh` are for commands", id="text"
        ),
        pytest.param(
            '```console title="a"\n$ ls\n```', "1: a session with a title; files of commands are `sh`", id="session"
        ),
        pytest.param("```console\nls\n```", "1: no command: a line that begins with `$ `", id="no command"),
        pytest.param("```sh\n# later\n```", "1: a block of sh in which nothing runs", id="nothing but a comment"),
        pytest.param("```python\n```", "1: a block of python in which nothing runs", id="nothing"),
        pytest.param(
            "```console\na\n$ echo a\na\n```",
            "1: an output before the first command: a line that begins with `$ `",
            id="an output without its command",
        ),
        pytest.param(
            "<!-- exit status: 1 -->\n\n```sh\ntrue\n```",
            "1: no block begins on the line after the comment `exit status: 1`",
            id="a comment that belongs to no block",
        ),
        pytest.param(
            "<details>\n```sh\nfalse\n```\n</details>",
            "1: a block within HTML; put a blank line between them, or take it out",
            id="a block that Markdown does not see",
        ),
        pytest.param(
            "<!-- not run -->\n```sh\nls\n```", "2: `not run` needs a reason: <!-- not run: REASON -->", id="no reason"
        ),
        pytest.param("<!-- exit status: bad -->\n```sh\nls\n```", "2: `exit status: bad` is no number", id="no number"),
        pytest.param(
            "<!-- backgruond -->\n```sh\nls\n```", "2: unknown comment `backgruond`; choose from", id="a typo"
        ),
        pytest.param(
            "```sh\npip install 'emoji-mock[clinet]'\n```", "1: `emoji-mock` has no extra clinet", id="no such extra"
        ),
        pytest.param(
            "```sh\npip install no-such-thing\n```", "1: no package `no-such-thing` here", id="no such package"
        ),
        pytest.param(
            "```sh\nnpm install nothing@1\n```", "1: no package of npm `nothing` here", id="no package of npm"
        ),
        pytest.param("```json\n{\n```", "1: no valid json: Expecting property name", id="JSON"),
        pytest.param("```toml\nprot = 1\n```", "1: no valid toml: ", id="a setting that there is not"),
        pytest.param("```http\nHTTP 200\n```", "1: `HTTP 200` is no first line of a message of HTTP/1.1", id="HTTP"),
        pytest.param("```yaml\na: 1\n```", "1: an unknown kind of YAML; known are", id="YAML"),
        pytest.param(
            "```yaml\non: push\njobs:\n  a:\n    runs: ubuntu\n```",
            "1: no valid github-workflows: $.jobs.a",
            id="a workflow",
        ),
        pytest.param(
            "```yaml\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: 'false'\n```",
            "1: the job `a` has exit status 1, not 0; its output:\n",
            id="a step of a workflow",
        ),
        pytest.param(
            "```yaml\nservices:\n  a:\n    imgae: b\n```", "1: no valid compose-spec: $.services.a", id="compose"
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(problem, page, expected):
    """The message begins with the line, and says what came or what to write instead."""
    assert problem(page)[: len(expected)] == expected


@pytest.mark.slow
def test_a_failing_part_of_a_program_is_shown_with_the_lines_of_the_page(problem):
    """The traceback's line numbers are those of the page."""
    found = problem("# A page\n\ntext\n\ntext\n\n```python\nassert 1 == 1\nassert 1 == 2\n```\n")
    assert found.startswith("7: a block in Python, run by pytest, has exit status 1, not 0; its output:\n")
    assert "test_line_7.py:9: AssertionError" in found


@pytest.mark.slow
def test_a_server_that_does_not_start_is_reported_at_once(problem):
    """Its output says why; nobody waits for its port."""
    found = problem("<!-- background -->\n```console\n$ emoji-mock serve --no-such-flag\n```")
    assert found.startswith("3: `emoji-mock serve --no-such-flag` has not started as shown:\n")
    assert "unknown option '--no-such-flag'" in found
    assert "(it ended before it listened on port" in found


def test_a_server_in_the_foreground_is_a_mistake(problem):
    """It would never end, so it is not started."""
    expected = "2: `emoji-mock serve` does not end: put <!-- background --> before the block"
    assert problem("```console\n$ emoji-mock serve\n```") == expected
    assert problem("```sh\nemoji-mock serve\n```") == expected


def test_a_command_that_does_not_end_is_a_mistake(problem, monkeypatch):
    """A page has a limit of time, and the message has the output so far."""
    monkeypatch.setattr(page_session, "SECONDS", 0.5)
    found = problem("```console\n$ echo begun; sleep 1000\n```")
    assert found == "2: `echo begun; sleep 1000` has not ended after 0.5 s; its output:\nbegun\n"


@pytest.mark.parametrize("end", ["true", "false"])
def test_no_process_is_left(problem, monkeypatch, end):
    """What a page starts ends with it, also what has left its session or group, and also where the page fails."""
    marks = []
    monkeypatch.setattr(page_shell.uuid, "uuid4", lambda make=uuid.uuid4: marks.append(make()) or marks[-1])
    page = "```console\n$ sleep 1000 &\n$ (setsid sleep 1001 &)\n$ nohup sleep 1002 >nothing &\n$ {}\n```"
    assert bool(problem(page.format(end))) == (end == "false")
    assert len(marks) == 2
    assert [page_shell.running(mark.hex) for mark in marks] == [[], []]


def test_a_page_knows_nothing_of_its_reader(problem, monkeypatch):
    """HOME is empty, no variable of the SDK or of pytest is there, and no registry is asked."""
    for name in ("DASHSCOPE_API_KEY", "PYTEST_CURRENT_TEST", "HTTPS_PROXY", "CI"):
        monkeypatch.setenv(name, "secret")
    page = "```console\n$ env | grep -c secret || true\n0\n$ ls ~\n$ echo $PIP_NO_INDEX $GOPROXY $npm_config_offline\n1 off true\n```"
    assert problem(page) == ""


@pytest.mark.skipif(not page_shell.without_network(), reason="no namespace of its own for a page on this machine")
def test_a_page_has_no_network(problem):
    """Only its own loopback: a port of this machine is not to be reached either."""
    page = "```console\n$ cat /proc/net/dev | grep -c :\n1\n$ (exec 3<>/dev/tcp/192.0.2.1/80) 2>&1 | grep -c unreachable\n2\n```"
    assert problem(page) == ""


def test_without_a_network_of_its_own_a_page_has_a_port_of_its_own(problem, monkeypatch):
    """Port 8000 is another one then, in commands, outputs and files, and in what `serve` and `report` are given."""
    monkeypatch.setattr(page_session, "without_network", lambda: ())
    monkeypatch.setattr(page_session.random, "randrange", lambda *_: 4321)
    page = """\
    ```text title="address"
    http://127.0.0.1:8000/docs, not 18000 or 8000.5
    ```

    ```console
    $ cat address && echo :8000
    http://127.0.0.1:8000/docs, not 18000 or 8000.5
    :8000
    $ test $(cut -c 18-21 address) = 4321
    $ echo 'emoji-mock serve --seed 1' | cut -c 20-
    port 4321 --seed 1
    $ echo 'emoji-mock report' | cut -c 21-
    base-url http://127.0.0.1:8000
    ```
    """
    assert problem(page) == ""


def test_a_need_is_of_a_known_kind():
    """A page with a typing mistake in its needs is not skipped for ever."""
    with pytest.raises(
        PageError, match="the need `modul:x` has no known kind; choose from jar, module, npm, program"
    ) as raised:
        read_needs("# A page\n\n<!-- needs: program:sh modul:x -->\n")
    assert raised.value.line == 3
    assert read_needs("<!-- needs: program:sh module:x -->\n") == ["program:sh", "module:x"]


def test_the_steps_of_a_workflow_of_github_run_with_their_variables(problem):
    """Those of the workflow, of the job and of the step, in the step's folder; `uses` is left out."""
    page = """\
    ```yaml
    on: push
    env: {A: 1}
    jobs:
      test:
        runs-on: ubuntu-latest
        env: {B: 2}
        steps:
          - uses: actions/checkout@v5
          - run: mkdir inner
          - run: echo "$A $B $C" > found
            env: {C: 3}
            working-directory: inner
    ```

    ```console
    $ cat inner/found
    1 2 3
    ```
    """
    assert problem(page) == ""


@pytest.mark.slow
def test_the_script_of_gitlab_runs_beside_its_service(problem):
    """A service that is the fake is started, and its alias is this machine."""
    page = """\
    ```yaml
    test:
      services:
        - name: registry.example.com/emoji-mock:latest
          alias: fake
          command: ["--seed", "7"]
      variables:
        ADDRESS: http://fake:8000
      before_script:
        - echo before > found
      script:
        - python -c "import os, urllib.request as u; print(u.urlopen(os.environ['ADDRESS'] + '/_mock/health').status)" >> found
    ```

    ```console
    $ cat found
    before
    200
    ```
    """
    assert problem(page) == ""
