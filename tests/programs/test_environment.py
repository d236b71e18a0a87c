"""The environment of a program whose calls to the vendor reach a fake."""

import shutil
import subprocess
from pathlib import Path

import pytest

from emoji_mock.contract.hosts import HOST_PATTERN
from emoji_mock.programs.environment import FakeAccess, changes

ACCESS = FakeAccess(
    url="http://127.0.0.1:8001",
    port=8001,
    tls_port=8002,
    proxy_url="http://127.0.0.1:8003",
    certificate=Path("/t/ca.pem"),
    bundle=Path("/t/bundle.pem"),
    public_key_hash="aGFzaA==",
    wgetrc=Path("/t/wgetrc"),
    node_extra=Path("/t/node.pem"),
    java_store=None,
    java_password="secret",
    node_preload=Path("/p/node.cjs"),
    python_preload=Path("/p/python"),
)
JAVA_PROXY = (
    "-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=8003 -Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=8003"
    " -Dhttp.nonProxyHosts=localhost|127.*|[::1]"
)


def test_an_empty_environment_gets_every_variable():
    """Proxy, certificates, preloads, a key, and the addresses of the fake are set."""
    assert changes({}, ACCESS) == {
        "HTTP_PROXY": "http://127.0.0.1:8003",
        "HTTPS_PROXY": "http://127.0.0.1:8003",
        "http_proxy": "http://127.0.0.1:8003",
        "https_proxy": "http://127.0.0.1:8003",
        "NO_PROXY": "localhost,127.0.0.1,::1",
        "no_proxy": "localhost,127.0.0.1,::1",
        "SSL_CERT_FILE": "/t/bundle.pem",
        "REQUESTS_CA_BUNDLE": "/t/bundle.pem",
        "CURL_CA_BUNDLE": "/t/bundle.pem",
        "DENO_CERT": "/t/ca.pem",
        "WGETRC": "/t/wgetrc",
        "NODE_EXTRA_CA_CERTS": "/t/node.pem",
        "NODE_OPTIONS": '--require "/p/node.cjs"',
        "PYTHONPATH": "/p/python",
        "JAVA_TOOL_OPTIONS": JAVA_PROXY,
        "EMOJI_MOCK_URL": "http://127.0.0.1:8001",
        "EMOJI_MOCK_PORT": "8001",
        "EMOJI_MOCK_TLS_PORT": "8002",
        "EMOJI_MOCK_PROXY": "http://127.0.0.1:8003",
        "EMOJI_MOCK_CA": "/t/ca.pem",
        "EMOJI_MOCK_CA_BUNDLE": "/t/bundle.pem",
        "EMOJI_MOCK_CA_SPKI": "aGFzaA==",
        "EMOJI_MOCK_HOSTS": HOST_PATTERN,
        "DASHSCOPE_API_KEY": "sk-mock-me",
    }


def test_what_is_set_is_extended():
    """Options of Node and Java come first, and the user's own Python path comes behind."""
    environ = {"NODE_OPTIONS": "--max-old-space-size=512", "PYTHONPATH": "/a:/b", "JAVA_TOOL_OPTIONS": "-Xmx1g"}
    changed = changes(environ, ACCESS)
    assert changed["NODE_OPTIONS"] == '--max-old-space-size=512 --require "/p/node.cjs"'
    assert changed["PYTHONPATH"] == "/p/python:/a:/b"
    assert changed["JAVA_TOOL_OPTIONS"] == f"-Xmx1g {JAVA_PROXY}"


def test_curl_gets_settings_only_where_the_users_would_do_harm():
    """The folder of curl's settings is named if there is one."""
    assert changes({}, ACCESS._replace(curl_home=Path("/t/curl")))["CURL_HOME"] == "/t/curl"


def test_a_run_within_a_run_extends_nothing_twice():
    """The environment of an environment has each option once."""
    once = changes({}, ACCESS)
    assert changes(once, ACCESS) == {name: value for name, value in once.items() if name != "DASHSCOPE_API_KEY"}


@pytest.mark.parametrize("name", ["DASHSCOPE_API_KEY", "DASHSCOPE_API_KEY_FILE_PATH"])
def test_the_user_s_key_is_left_alone(name):
    """Where a key is set, or a file with one, none is added, and it is in no variable."""
    changed = changes({name: "sk-0123456789"}, ACCESS)
    assert "DASHSCOPE_API_KEY" not in changed
    assert "sk-0123456789" not in "".join(changed.values())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ""),
        ("example.com", "example.com"),
        ("example.com, .internal 10.0.0.0/8", "example.com,.internal,10.0.0.0/8"),
        ("*", ""),
        ("example.com,*", "example.com"),
        ("aliyuncs.com", ""),
        (".aliyuncs.com", ""),
        ("*.ALIYUNCS.com", ""),
        (".com", ""),
        ("dashscope.aliyuncs.com:443", ""),
        ("scope.aliyuncs.com", ""),
        ("oss-cn-beijing.aliyuncs.com", ""),
        ("ws-1.cn-beijing.maas.aliyuncs.com", ""),
        (".maas.aliyuncs.com", ""),
        ("*.dashscope.aliyuncs.com", ""),
        ("dashscope-new.aliyuncs.com", ""),
        ("vpc-cn-beijing.dashscope.aliyuncs.com", ""),
        ("finance.aliyuncs.com", ""),
        ("ecs.aliyuncs.com", "ecs.aliyuncs.com"),
        ("localhost,::1,[fe80::1]:8080", "[fe80::1]:8080"),
    ],
)
@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_hosts_without_proxy_are_kept_unless_they_are_the_vendor_s(name, given, kept):
    """An entry stays if no library reads it as one that holds for a host of the vendor's; loopback is always there."""
    changed = changes({name: given}, ACCESS)
    assert changed["NO_PROXY"] == changed["no_proxy"] == ",".join(["localhost,127.0.0.1,::1", *filter(None, [kept])])


def test_offline_leaves_no_host_beside_the_proxy():
    """With `offline` only loopback is called without the proxy, and the preloads know it."""
    changed = changes({"NO_PROXY": "example.com"}, ACCESS._replace(offline=True))
    assert changed["NO_PROXY"] == "localhost,127.0.0.1,::1"
    assert changed["EMOJI_MOCK_OFFLINE"] == "1"


@pytest.mark.parametrize("name", ["ALL_PROXY", "all_proxy"])
def test_offline_turns_the_proxy_of_other_schemes_to_ours(name):
    """A proxy for all schemes stays as it is, and is ours with `offline`."""
    assert name not in changes({name: "socks5://127.0.0.1:1080"}, ACCESS)
    changed = changes({name: "socks5://127.0.0.1:1080"}, ACCESS._replace(offline=True))
    assert changed[name] == "http://127.0.0.1:8003"


@pytest.mark.parametrize(
    ("path", "quoted"),
    [
        ("/p/a b.cjs", '"/p/a b.cjs"'),
        ('/p/a"b.cjs', '"/p/a\\"b.cjs"'),
        ("/p/a\\b.cjs", '"/p/a\\\\b.cjs"'),
    ],
)
def test_node_reads_the_path_of_the_preload(path, quoted):
    """Spaces, quotes and backslashes are quoted as Node's manual has it."""
    assert changes({}, ACCESS._replace(node_preload=Path(path)))["NODE_OPTIONS"] == f"--require {quoted}"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_node_itself_reads_the_quoted_path(tmp_path):
    """Node loads a preload whose path has a space, a quote and a backslash."""
    preload = tmp_path / 'a "b" \\c.cjs'
    preload.write_text("console.log('loaded')")
    environ = changes({}, ACCESS._replace(node_preload=preload))
    run = subprocess.run(
        ["node", "-e", ""], env={"NODE_OPTIONS": environ["NODE_OPTIONS"]}, capture_output=True, text=True, check=False
    )
    assert run.stdout == "loaded\n", run.stderr


@pytest.mark.parametrize(
    ("path", "quoted"),
    [
        ("/t/java.p12", "/t/java.p12"),
        ("/a b/java.p12", '"/a b/java.p12"'),
        ("/a'b/java.p12", '"/a\'b/java.p12"'),
        ('/a"b c/java.p12', '"/a"\'"\'"b c/java.p12"'),
    ],
)
def test_java_gets_the_store_if_there_is_one(path, quoted):
    """The store, its type and its password are options of the JVM, which knows quotes and no escapes."""
    changed = changes({}, ACCESS._replace(java_store=Path(path)))
    assert changed["JAVA_TOOL_OPTIONS"] == (
        f"{JAVA_PROXY} -Djavax.net.ssl.trustStore={quoted} -Djavax.net.ssl.trustStoreType=PKCS12"
        " -Djavax.net.ssl.trustStorePassword=secret"
    )


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed")
def test_java_itself_reads_the_quoted_path():
    """The JVM reads a path with a space and both kinds of quotes from JAVA_TOOL_OPTIONS."""
    store = Path("/a 'b' \"c\"/java.p12")
    options = changes({}, ACCESS._replace(java_store=store))["JAVA_TOOL_OPTIONS"]
    run = subprocess.run(
        ["java", "-XshowSettings:properties", "-version"],
        env={"JAVA_TOOL_OPTIONS": options, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"javax.net.ssl.trustStore = {store}\n" in run.stderr
    assert "http.nonProxyHosts = localhost|127.*|[::1]\n" in run.stderr
