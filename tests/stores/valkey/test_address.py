"""The address of a shared store: what a URL says, what it is refused for, and that no text shows the password."""

import pickle
import re
import traceback

import pytest

from emoji_mock.stores.valkey.address import StoreAddress


@pytest.mark.parametrize(
    ("url", "address", "shown"),
    [
        ("valkey://engine", StoreAddress(host="engine"), "valkey://engine:6379/0"),
        ("redis://engine/", StoreAddress(scheme="redis", host="engine"), "redis://engine:6379/0"),
        ("VALKEY://Engine:1/15", StoreAddress(host="engine", port=1, database=15), "valkey://engine:1/15"),
        ("valkey://[::1]:65535?db=3", StoreAddress(host="::1", port=65535, database=3), "valkey://[::1]:65535/3"),
        ("valkey://:secret@h/1", StoreAddress(host="h", password="secret", database=1), "valkey://h:6379/1"),
        ("valkey://me:se%40c%2Fret@h", StoreAddress(host="h", user="me", password="se@c/ret"), "valkey://me@h:6379/0"),
        ("valkey://m%20e:a@b@h", StoreAddress(host="h", user="m e", password="a@b"), "valkey://m%20e@h:6379/0"),
        (
            "valkeys://h?ssl_ca_certs=/etc/my%20ca.pem",
            StoreAddress(scheme="valkeys", host="h", ca_file="/etc/my ca.pem"),
            "valkeys://h:6379/0?ssl_ca_certs=/etc/my%20ca.pem",
        ),
        ("rediss://h:7", StoreAddress(scheme="rediss", host="h", port=7), "rediss://h:7/0"),
        ("unix:///run/v.sock", StoreAddress(scheme="unix", socket_path="/run/v.sock"), "unix:///run/v.sock?db=0"),
        (
            "unix://me:secret@/run/v.sock?db=2",
            StoreAddress(scheme="unix", socket_path="/run/v.sock", user="me", password="secret", database=2),
            "unix://me@/run/v.sock?db=2",
        ),
    ],
)
def test_a_url_says_where_the_store_is(url, address, shown):
    """Every part has its place, what is left out its default; the text of an address is its URL without password."""
    assert StoreAddress.parse(url) == address
    assert str(StoreAddress.parse(url)) == shown
    assert StoreAddress.parse(shown) == StoreAddress.parse(str(address))


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "must be a URL such as valkey://127.0.0.1:6379/0"),
        ("127.0.0.1:6379", "must be a URL such as valkey://127.0.0.1:6379/0"),
        ("http://h", "unknown scheme 'http'; choose from valkey, valkeys, redis, rediss, unix"),
        ("valkey://", "names no host; write it like valkey://127.0.0.1:6379/0"),
        ("valkey://:6379", "names no host; write it like valkey://127.0.0.1:6379/0"),
        ("valkey://[::1", "names no host; write it like valkey://127.0.0.1:6379/0"),
        ("valkey://h:0", "its port must be a number from 1 to 65535; write"),
        ("valkey://h:65536", "its port must be a number from 1 to 65535; write"),
        ("valkey://h:port", "its port must be a number from 1 to 65535; write"),
        ("valkey://a,b/0", "must name one host, as valkey://127.0.0.1:6379/0"),
        ("valkey://a:1,b:2/0", "must name one host, as valkey://127.0.0.1:6379/0"),
        (
            "valkey://h/x",
            "its database must be a whole number from 0 to 2147483647, as in valkey://127.0.0.1:6379/0, not 'x'",
        ),
        ("valkey://h/-1", "its database must be a whole number from 0"),
        ("valkey://h/1.5", "its database must be a whole number from 0"),
        ("valkey://h/0/1", "its database must be a whole number from 0"),
        ("valkey://h/2147483648", "its database must be a whole number from 0"),
        ("valkey://h?db=", "its database must be a whole number from 0"),
        ("valkey://h/1?db=1", "the database is given twice, in the path and as `db`; leave one out"),
        ("valkey://h?db=1&db=2", "db is given twice after the `?`; leave one out"),
        ("valkey://h?timeout=1", "unknown key 'timeout' after the `?`; choose from db, ssl_ca_certs"),
        ("valkey://h?ssl_ca_certs=a", "ssl_ca_certs is for TLS only; use valkeys:// or leave it out"),
        ("valkey://h#x", "has a #, which has no meaning here; write"),
        ("valkey://h /0", "must be one URL such as valkey://127.0.0.1:6379/0, without blanks and control characters"),
        ("valkey://h\n", "must be one URL such as valkey://127.0.0.1:6379/0, without blanks and control characters"),
        ("unix://run/v.sock", "the path of a Unix socket must be absolute, as unix:///run/valkey.sock?db=0"),
        ("unix://", "the path of a Unix socket must be absolute, as unix:///run/valkey.sock?db=0"),
    ],
)
def test_a_wrong_url_is_refused_by_one_line(url, problem):
    """The line says what is wrong, and what would be right."""
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}") as error:
        StoreAddress.parse(url)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "url",
    [
        "hunter2",
        ":hunter2@h:6379",
        "http://:hunter2@h",
        "valkey:/me:hunter2@h",
        "valkey://me:hunter2@h:99999",
        "valkey://me:hunter2@h/x",
        "valkey://me:hunter2@h?password=hunter2",
        "valkey://me:hunter2 @h",
        "valkey://me:/hunter2@h",
        "valkey://me:1/hunter2@h",
        "valkey://me:1?hunter2@h",
        "valkey://me:1#hunter2@h",
        "valkey://me:[hunter2@h",
        "valkey://me:hunter2",
        "valkey://me:hunter2%ff@h",
        "valkey://me:\u2100hunter2@h",
        "unix://me:hunter2@h/x",
    ],
)
def test_no_error_holds_the_password(url):
    """Neither the line nor the traceback quotes what may be a part of the password, however it is misplaced."""
    with pytest.raises(ValueError) as error:
        StoreAddress.parse(url)
    assert "hunter2" not in str(error.value)
    assert "hunter2" not in "".join(traceback.format_exception_only(error.value))


def test_no_text_of_an_address_holds_the_password():
    """Its text, its representation, and those of what contains it; a process that gets it gets the password, too."""
    address = StoreAddress.parse("valkey://me:se%2Fcret@h/2").with_prefix("staging")
    assert repr(address) == "StoreAddress('valkey://me@h:6379/2', prefix='staging')"
    assert "cret" not in f"{address} {address!r} {[address]} {address!s:>40}"
    assert pickle.loads(pickle.dumps(address)).password == "se/cret"


def test_the_password_is_of_the_url_else_of_the_file_else_of_the_environment():
    """The nearest one holds, and without any there is none."""
    environ = {"EMOJI_MOCK_STORE_PASSWORD": "of the environment"}
    own, bare = StoreAddress.parse("valkey://:own@h"), StoreAddress.parse("valkey://h")
    assert own.with_password("of the file", environ).password == "own"
    assert bare.with_password("of the file", environ).password == "of the file"
    assert bare.with_password("", environ).password == "of the environment"
    assert bare.with_password("", {}).password == ""


@pytest.mark.parametrize("prefix", ["a", "team-1_x.y", "A" * 64])
def test_a_prefix_is_a_name(prefix):
    """Letters, digits, dots, hyphens and underscores; without one it is `emoji-mock`."""
    assert StoreAddress.parse("valkey://h").with_prefix(prefix).prefix == prefix
    assert StoreAddress.parse("valkey://h").prefix == "emoji-mock"


@pytest.mark.parametrize("prefix", ["", "a,b", "a b", "a:b", "ä", "a\n", "A" * 65])
def test_what_is_not_one_prefix_is_refused(prefix):
    """Two in one, an empty one, one that is too long."""
    with pytest.raises(ValueError, match="must be 1 to 64 letters, digits, dots, hyphens and underscores"):
        StoreAddress.parse("valkey://h").with_prefix(prefix)
