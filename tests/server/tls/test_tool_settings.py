"""The settings of a user's tools: which files count, and which lines of them lead around the fake."""

import pytest

from emoji_mock.server.tls.tool_settings import ToolSettings, curl_settings, wget_settings


@pytest.mark.parametrize(
    "line",
    [
        "https_proxy = http://proxy.example",
        "HTTP-Proxy=http://proxy.example",
        "  no_proxy = .com",
        "use_proxy = off",
        "useproxy=off",
    ],
)
def test_a_proxy_of_wget_is_left_out(tmp_path, line):
    """However wget lets it be written."""
    (tmp_path / ".wgetrc").write_text(f"tries = 3\n{line}\n")
    assert wget_settings({"HOME": str(tmp_path)}) == ToolSettings([b"tries = 3"], is_changed=True)


@pytest.mark.parametrize("line", ["# https_proxy = x", "proxy_user = me", "tries = 3", "", "header = Use-Proxy: no"])
def test_other_settings_of_wget_are_kept(tmp_path, line):
    """Comments, too."""
    (tmp_path / ".wgetrc").write_text(f"{line}\n")
    assert wget_settings({"HOME": str(tmp_path)}) == ToolSettings([line.encode()])


def test_wgets_variable_comes_before_its_usual_file(tmp_path):
    """WGETRC names a file in place of the one in the home folder."""
    (tmp_path / ".wgetrc").write_text("tries = 1\n")
    (tmp_path / "own").write_text("tries = 2\nca_certificate = ~/a.pem\n")
    found = wget_settings({"HOME": str(tmp_path), "WGETRC": str(tmp_path / "own")})
    assert found == ToolSettings([b"tries = 2", b"ca_certificate = ~/a.pem"], authorities=f"{tmp_path}/a.pem")


@pytest.mark.parametrize(
    "line",
    [
        "proxy = http://proxy.example",
        "proxy: http://proxy.example",
        "--proxy http://proxy.example",
        "-x http://proxy.example",
        "-xhttp://proxy.example",
        'noproxy = "*"',
        "--noproxy *",
        "preproxy=socks5://proxy.example",
        "socks5-hostname proxy.example",
    ],
)
def test_a_proxy_of_curl_is_left_out(tmp_path, line):
    """However curl lets it be written."""
    (tmp_path / ".curlrc").write_text(f"silent\n{line}\n")
    assert curl_settings({"HOME": str(tmp_path)}) == ToolSettings([b"silent"], is_changed=True)


@pytest.mark.parametrize("line", ["# proxy = x", "proxy-user = me", "-X POST", "", 'header = "proxy: no"', "--silent"])
def test_other_settings_of_curl_are_kept(tmp_path, line):
    """Comments, too."""
    (tmp_path / ".curlrc").write_text(f"{line}\n")
    assert curl_settings({"HOME": str(tmp_path)}) == ToolSettings([line.encode()])


@pytest.mark.parametrize("line", ["cacert = /a/b.pem", 'cacert="/a/b.pem"', "--cacert /a/b.pem"])
def test_authorities_of_curl_are_named(tmp_path, line):
    """The line itself is left out: the variable CURL_CA_BUNDLE would not count."""
    (tmp_path / ".curlrc").write_text(line)
    assert curl_settings({"HOME": str(tmp_path)}) == ToolSettings([], is_changed=True, authorities="/a/b.pem")


def test_the_first_of_curls_places_counts(tmp_path):
    """CURL_HOME, XDG_CONFIG_HOME, the home folder, and `.config` there."""
    places = ["curl/.curlrc", "xdg/.curlrc", "xdg/curlrc", "home/.curlrc", "home/.config/curlrc"]
    for place in places:
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(f"user-agent = {place}")
    variables = {"CURL_HOME": "curl", "XDG_CONFIG_HOME": "xdg", "HOME": "home"}
    environ = {name: str(tmp_path / folder) for name, folder in variables.items()}
    for place in places:
        assert curl_settings(environ).lines == [f"user-agent = {place}".encode()]
        (tmp_path / place).unlink()
    assert curl_settings(environ) == ToolSettings([])


def test_there_may_be_no_settings():
    """Nor a home folder."""
    assert wget_settings({}) == curl_settings({}) == ToolSettings([])
    assert wget_settings({"WGETRC": "a\0b"}) == ToolSettings([])
