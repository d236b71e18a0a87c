"""The settings that replicas share: from flags and from the file, and what a mistake in them shows."""

import re
from argparse import ArgumentParser

import pytest
from command import run_command

from emoji_mock.config.serve_settings import ServeSettings, add_flags
from emoji_mock.stores.valkey.address import StoreAddress


def parse(*arguments):
    """Return what the flags of `serve` set."""
    parser = ArgumentParser(exit_on_error=False)
    add_flags(parser)
    return ServeSettings(parser.parse_args(arguments)).values


def test_the_store_is_a_flag_and_a_key(tmp_path):
    """A flag takes precedence over the file, where a relative path starts from the file's folder."""
    path, password = tmp_path / "mock.toml", tmp_path / "password"
    password.write_text("correct horse\n")
    path.write_text('store = "valkey://h/1"\nstore_prefix = "a"\nstore_password_file = "password"\nworkers = 3\n')
    shared = {"store": StoreAddress(host="h", database=1), "store_prefix": "a", "store_password_file": "correct horse"}
    shared["workers"] = 3
    given = parse("--config", str(path))
    assert {name: given[name] for name in shared} == shared
    flags = ("--store=valkey://h/1", "--store-prefix=a", f"--store-password-file={password}", "--workers=3")
    given = parse(*flags)
    assert {name: given[name] for name in shared} == shared
    given = parse("--config", str(path), "--store", "redis://other", "--store-prefix", "b", "--workers", "1")
    assert (str(given["store"]), given["store_prefix"], given["workers"]) == ("redis://other:6379/0", "b", 1)


def test_without_them_there_is_one_process_with_a_memory_of_its_own():
    """No store, no prefix and no password is a default, and one worker is."""
    given = parse()
    assert given["workers"] == 1
    assert not {"store", "store_prefix", "store_password_file"} & set(given)


@pytest.mark.parametrize(
    ("flags", "problem"),
    [
        (["--store", "http://h"], "store: unknown scheme 'http'; choose from valkey, valkeys, redis, rediss, unix"),
        (["--store", "valkey://h", "--store", "valkey://i"], "--store is given 2 times; leave only one"),
        (["--store-prefix", "a", "--store-prefix", "b"], "--store-prefix is given 2 times; leave only one"),
        (["--store-prefix", "a,b"], "store_prefix: must be 1 to 64 letters, digits, dots"),
        (["--store-prefix", "a b"], "store_prefix: must be 1 to 64 letters, digits, dots"),
        (["--store-prefix", "a:b"], "store_prefix: must be 1 to 64 letters, digits, dots"),
        (["--store-password-file", "/none"], "store_password_file: /none: No such file or directory; name a file"),
    ],
)
def test_a_wrong_value_is_a_problem_of_the_start(flags, problem):
    """The line names the setting, and what would be right."""
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}"):
        parse(*flags)


@pytest.mark.parametrize("content", [b"", b"\n", b"one\ntwo\n", b"\xff", b"x" * 4096])
def test_a_file_without_a_password_is_refused(tmp_path, content):
    """None, more than one line, no text, too much: the message names the file, and not what is in it."""
    path = tmp_path / "password"
    path.write_bytes(content)
    said = f"store_password_file: {path}: must hold the password: one line of UTF-8 text, of at most 4096 bytes"
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        parse("--store-password-file", str(path))


@pytest.mark.parametrize(
    "content",
    [
        'stores = "valkey://me:hunter2@h"',
        'store = "valkey://me:hunter2@h" x',
        'store = "valkey://me:hun/ter2@h',
        'store = ["valkey://me:hunter2@h"]',
        'store = "valkey://me:hunter2@h:x"',
    ],
)
def test_no_problem_of_the_file_shows_the_password(tmp_path, content):
    """The line that is quoted lacks the user part of its URL."""
    path = tmp_path / "mock.toml"
    path.write_text(content)
    done = run_command("serve", "--config", str(path))
    assert done.returncode == 1
    assert "mock" in done.stderr
    assert "hunter2" not in done.stdout + done.stderr
    assert "ter2" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--stor", "valkey://me:hunter2@h"],
        ["--stor=valkey://me:hun/hunter2@h"],
        ["--port", "valkey://me:hunter2@h"],
        ["valkey://me:hunter2@h"],
        ["--sotre=valkey://me:hun%2Fhunter2@h"],
    ],
)
def test_no_mistake_on_the_command_line_shows_the_password(arguments):
    """A flag that does not exist, one that is too short, a value in the wrong place."""
    done = run_command("serve", *arguments)
    assert done.returncode == 2
    assert "emoji-mock serve: " in done.stderr
    assert "hunter2" not in done.stdout + done.stderr
