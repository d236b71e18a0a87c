"""A command in our terminal and process group: its start, its signals and its exit status."""

import os
import pty
import shutil
import signal
import subprocess
import sys
import termios

import pytest

from emoji_mock.programs.process import CommandError, Signals, start, wait

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX: signals, permissions, terminals")
ENVIRON = {"PATH": "/usr/bin:/bin"}


def status_of(*command, **environ):
    """Run a command to its end."""
    return wait(start(command, ENVIRON | environ))


@pytest.fixture
def script(tmp_path):
    """Write a file and make it executable, unless the mode says otherwise."""

    def write(content, mode=0o755, name="program"):
        path = tmp_path / name
        path.write_bytes(content)
        path.chmod(mode)
        return str(path)

    return write


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("exit 0", 0),
        ("exit 3", 3),
        ("exit 255", 255),
        ("kill -TERM $$", 143),
        ("kill -KILL $$", 137),
        ("kill -INT $$", 130),
    ],
)
def test_the_status_is_the_one_of_a_shell(code, status):
    """An exit status goes through, and a signal n is 128+n."""
    assert status_of("sh", "-c", code) == status


def refusal(*command, **environ):
    """Return what a command that cannot be started is refused with."""
    with pytest.raises(CommandError) as refused:
        start(command, ENVIRON | environ)
    return refused.value.status, str(refused.value)


def test_a_command_that_is_not_there_is_127(script, tmp_path):
    """A missing name, file, folder or interpreter, and an empty name, are 127."""
    assert refusal("no-such-command") == (127, "no-such-command: command not found")
    assert refusal("") == (127, "'': command not found")
    assert refusal("./no/such/file") == (127, "./no/such/file: command not found")
    assert refusal("/etc/passwd/x") == (127, "/etc/passwd/x: command not found")
    path = script(b"#!/no/such/interpreter\n")
    assert refusal(path) == (127, f"{path}: the interpreter that its first line names was not found")
    assert refusal("true", PATH=str(tmp_path)) == (127, "true: command not found")


def test_a_command_with_its_arguments_in_quotes_is_explained():
    """A whole command line in one word is a frequent mistake."""
    hint = "the command and its arguments are words of their own, without quotes around all of them"
    assert refusal("node app.js") == (127, f"node app.js: command not found; {hint}")


def test_a_file_that_cannot_be_executed_is_126(script, tmp_path):
    """A folder, a file without the permission, and a program of another system are 126."""
    assert refusal(str(tmp_path)) == (126, f"{tmp_path}: is a directory")
    path = script(b"print()", 0o644, "app.py")
    assert refusal(path) == (
        126,
        f"{path}: is not executable: start it by its interpreter, as `python {path}`, or allow it by `chmod +x {path}`",
    )
    path = script(b"MZ\x90\0\3\0")
    assert refusal(path) == (126, f"{path}: cannot be executed here: is it built for another system?")


def test_a_command_line_that_is_too_long_is_126():
    """What the system says is passed on."""
    assert refusal("true", "x" * 10_000_000) == (126, "true: Argument list too long")


def test_a_file_without_interpreter_is_a_script_of_sh(script, tmp_path):
    """As in a shell, also when it is found on the path."""
    path = script(b"exit $(($1 + 1))\n")
    assert status_of(path, "4") == 5
    assert status_of("program", "4", PATH=f"{tmp_path}:/usr/bin:/bin") == 5


def test_descriptors_of_the_user_stay_open():
    """`<(…)` and `3<file` reach the command."""
    reading, writing = os.pipe()
    os.set_inheritable(reading, 1)
    os.write(writing, b"text\n")
    os.close(writing)
    assert status_of("sh", "-c", f'test "$(cat /dev/fd/{reading})" = text') == 0
    os.close(reading)


RUNNER = """
import os, sys
from emoji_mock.programs.process import Signals, start, wait
if os.isatty(0):
    os.close(os.open(os.ttyname(0), os.O_RDWR))  # the leader of a session gets its terminal so
with Signals() as signals:
    process = start(sys.argv[1:], os.environ)
    signals.attach(process)
    status = wait(process)
print("ended", status, flush=True)
"""
COUNTER = """
import os, select, signal, sys
came = []
for name in ("INT", "TERM", "HUP", "USR1", "USR2", "QUIT", "TSTP", "CONT"):
    number = getattr(signal, "SIG" + name)
    signal.signal(number, lambda number, _: (came.append(signal.Signals(number).name), os.write(1, b"came %d\\n" % len(came))))
print("ready", os.isatty(0), os.getpgrp() == os.getpgid(os.getppid()), flush=True)
while not select.select([0], [], [], 0.01)[0]:
    pass  # Python handles no signal that comes shortly before it waits in the system, until the next one
sys.stdin.readline()
print(*came, flush=True)
sys.exit(7)
"""


def open_terminal(*, echo=True):
    """Return both ends of a terminal on which a key of a signal discards no output: it may be that of a handler already."""
    ours, other = pty.openpty()
    *modes, local, in_speed, out_speed, characters = termios.tcgetattr(other)
    local = (local | termios.NOFLSH) & (~0 if echo else ~termios.ECHO)
    termios.tcsetattr(other, termios.TCSANOW, [*modes, local, in_speed, out_speed, characters])
    return ours, other


class Running:
    """A command under `RUNNER`, read line by line; on a terminal of its own, or with pipes."""

    def __init__(self, *command, terminal=False):
        self.terminal = 0
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        if terminal:
            self.terminal, other = open_terminal(echo=False)
            streams = {"stdin": other, "stdout": other}
        self.process = subprocess.Popen([sys.executable, "-c", RUNNER, *command], start_new_session=True, **streams)
        if terminal:
            os.close(other)
            self._reader, self._writer = (
                os.fdopen(self.terminal, "rb", buffering=0),
                os.fdopen(self.terminal, "wb", 0, closefd=False),
            )
        else:
            self._reader, self._writer = self.process.stdout, self.process.stdin

    def line(self):
        """Return the next line."""
        return self._reader.readline().decode().strip()

    def write(self, data):
        """Type something."""
        self._writer.write(data)
        self._writer.flush()

    def close(self):
        """End the command, too."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self._reader.close()
        self._writer.close()


@pytest.fixture
def running():
    """Start commands, and leave none behind."""
    started = []

    def begin(*command, terminal=False):
        started.append(Running(*command, terminal=terminal))
        return started[-1]

    yield begin
    for one in started:
        one.close()


def test_signals_sent_to_us_alone_are_forwarded(running):
    """Each signal that can be handled reaches the command once, and we outlive it."""
    one = running(sys.executable, "-c", COUNTER)
    assert one.line() == "ready False True"
    names = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGQUIT", "SIGINT", "SIGCONT", "SIGTSTP"]
    for count, name in enumerate(names, 1):
        one.process.send_signal(getattr(signal, name))
        assert one.line() == f"came {count}"
    one.write(b"\n")
    assert one.line() == " ".join(names)
    assert one.line() == "ended 7"
    assert one.process.wait(10) == 0


def test_keys_of_the_terminal_reach_the_command_once(running):
    r"""Ctrl-C and Ctrl-\ are not forwarded, as the terminal sends them to both; SIGTERM is."""
    one = running(sys.executable, "-c", COUNTER, terminal=True)
    assert one.line() == "ready True True"
    for count, key in enumerate((b"\x03", b"\x03", b"\x1c"), 1):
        one.write(key)
        assert one.line() == f"came {count}"
    one.process.send_signal(signal.SIGTERM)
    assert one.line() == "came 4"
    one.write(b"\n")
    assert one.line() == "SIGINT SIGINT SIGQUIT SIGTERM"
    assert one.line() == "ended 7"


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_a_job_is_stopped_by_ctrl_z_and_continued_by_fg(tmp_path):
    """Ctrl-Z gives the prompt back and `fg` lets the command go on, also where the command stops itself alone."""
    command = tmp_path / "command.sh"
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    command.write_text(f"echo ready; read line < {pipe}; echo read $line; kill -TSTP $$; echo again; exit 7\n")
    environ = os.environ | {"PS1": "next> ", "RUNNER": RUNNER, "COMMAND": str(command)}
    begin = "import os, sys; os.close(os.open(os.ttyname(0), os.O_RDWR)); os.execvp(sys.argv[1], sys.argv[1:])"
    terminal, other = open_terminal()
    shell = subprocess.Popen(
        [sys.executable, "-c", begin, "bash", "--norc", "--noediting", "-i"],
        stdin=other,
        stdout=other,
        stderr=other,
        start_new_session=True,
        env=environ,
    )
    os.close(other)
    shown = b""

    def until(text):
        nonlocal shown
        while text not in shown:
            shown += os.read(terminal, 4096)
        shown = shown.partition(text)[2]

    until(b"next> ")
    os.write(terminal, f'{sys.executable} -c "$RUNNER" sh "$COMMAND"\n'.encode())
    until(b"ready\r\n")
    os.write(terminal, b"\x1a")
    until(b"Stopped")
    until(b"next> ")
    os.write(terminal, b"fg\n")
    until(b'"$COMMAND"\r\n')
    pipe.write_text("text\n")
    until(b"read text\r\n")
    until(b"Stopped")
    until(b"next> ")
    os.write(terminal, b"fg\n")
    until(b"again\r\n")
    until(b"ended 7\r\n")
    os.close(terminal)
    shell.wait(10)


def test_a_signal_before_the_start_is_kept():
    """It is returned, so that the command need not be started, or handed over at the start."""
    with Signals() as signals:
        assert signals.arrived() == 0
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGCONT)
        os.kill(os.getpid(), signal.SIGHUP)
        assert signals.arrived() == signal.SIGTERM
        process = start(["sleep", "60"], ENVIRON)
        signals.attach(process)
        assert wait(process) == 129


def test_ignored_signals_stay_ignored():
    """Under nohup SIGHUP ends neither us nor the command."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Signals():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            assert status_of("sh", "-c", "kill -HUP $$; exit 4") == 4
    finally:
        signal.signal(signal.SIGHUP, before)
