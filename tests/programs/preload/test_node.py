"""The preload for Node, with all that Node itself connects by."""

import json
import shutil
from pathlib import Path
from textwrap import dedent

import pytest

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="needs Node")

PLAIN = {"http", "http_kept_alive", "net_arguments", "net_callback", "net_socket", "fetch_http"}
SECURE = {
    "https",
    "https_required",
    "https_frozen_options",
    "https_own_lookup",
    "https_kept_alive",
    "tls_options",
    "tls_arguments",
    "tls_by_address",
    "worker",
    "child",
    "fetch",
}
ATTEMPT = """
    const net = require('net'), https = require('https'), tls = require('tls');
    const port = Number(process.env.EMOJI_MOCK_PORT);
    const attempts = [];
    const attempt = (call) => attempts.push(call);
    const settle = (emitter) => new Promise((resolve) => emitter
        .on('error', (error) => resolve(error.code + ' ' + error.message))
        .on('response', (response) => { response.resume(); resolve(response.statusCode); })
        .on('connect', () => { resolve('connected to ' + emitter.remotePort); emitter.destroy(); }));
    setImmediate(async () => { for (const call of attempts) console.log(await call()); });
"""


@pytest.fixture(scope="module")
def answers(programs):
    """What each client got, in one process."""
    done = programs.run(NODE, Path(__file__).with_name("node_clients.mjs"))
    assert done.stderr == ""
    return json.loads(done.stdout)


@pytest.fixture
def node(programs):
    """Run Node code; return what it printed to stdout, line by line."""

    def run(code, **environ):
        done = programs.run(NODE, "-e", dedent(ATTEMPT + code), **environ)
        assert done.stderr == ""
        return done.stdout.splitlines()

    return run


@pytest.mark.slow
@pytest.mark.parametrize("client", sorted(PLAIN | SECURE))
def test_a_client_reaches_the_fake(answers, client):
    """A client that is not configured reaches the fake: its TLS port, or its plain port for port 80."""
    if client.startswith("fetch") and client not in answers:
        pytest.skip("this Node has no fetch")
    assert answers[client] == {
        "listener": "plain" if client in PLAIN else "TLS",
        "host": "dashscope.aliyuncs.com",
    }


@pytest.mark.slow
def test_every_client_has_an_expectation(answers):
    """No client is tried without being held."""
    assert set(answers) | {"fetch", "fetch_http"} == PLAIN | SECURE


def test_it_is_inert_without_the_hosts(node):
    """Without EMOJI_MOCK_HOSTS the function that it changes is Node's."""
    code = "console.log(/EMOJI_MOCK|isVendor/.test(String(net.Socket.prototype.connect)));"
    assert (node(code, EMOJI_MOCK_HOSTS=""), node(code)) == (["false"], ["true"])


def test_a_wrong_variable_breaks_nothing(programs, wrong_variable):
    """With a variable that is wrong the program runs, and one line says so."""
    done = programs.run(NODE, "-e", "console.log(1)", **wrong_variable)
    assert done.stdout == "1\n"
    assert done.stderr.startswith("emoji-mock: calls of this Node are not sent to the fake: ")
    assert done.stderr.count("\n") == 1


def test_other_hosts_and_ports_are_left(node, programs):
    """A server on this machine is reached at its own port; what is no call, or no internet address, fails as ever."""
    port = programs.environ["EMOJI_MOCK_PORT"]
    code = """
        attempt(() => settle(net.connect(port, '127.0.0.1')));
        attempt(() => settle(net.connect({ port, host: 'localhost' })));
        attempt(() => settle(net.connect('/no/such/socket')));
        attempt(() => { try { net.connect({ host: 'dashscope.aliyuncs.com' }); } catch (error) { return error.code; } });
        attempt(() => { try { new net.Socket().connect(); } catch (error) { return error.code; } });
        attempt(() => settle(tls.connect({ port, host: '127.0.0.1', servername: 'dashscope.aliyuncs.com' })));
        attempt(() => settle(net.connect({ port: 443, host: 'dashscope.aliyuncs.com.test', lookup: (host, _, done) =>
            done(new Error('looked up ' + host)) })));
    """
    assert node(code) == [
        f"connected to {port}",
        f"connected to {port}",
        "ENOENT connect ENOENT /no/such/socket",
        "ERR_MISSING_ARGS",
        "ERR_MISSING_ARGS",
        f"connected to {port}",
        "undefined looked up dashscope.aliyuncs.com.test",
    ]


def test_options_are_not_changed(node):
    """The program's own options are as they were after the call."""
    code = """
        const options = { host: 'dashscope.aliyuncs.com', port: 443, localAddress: '127.0.0.1' };
        attempt(() => settle(https.get(options)));
        attempt(() => JSON.stringify(options));
    """
    kept = '{"host":"dashscope.aliyuncs.com","port":443,"localAddress":"127.0.0.1"}'
    assert node(code) == ["200", kept]


def test_a_ca_of_the_programs_own_decides(node):
    """A program that gives authorities of its own (pins them) does not accept the fake, unless they hold the fake's."""
    code = """
        const ca = tls.rootCertificates, ours = require('fs').readFileSync(process.env.EMOJI_MOCK_CA);
        attempt(() => settle(https.get({ host: 'dashscope.aliyuncs.com', ca })));
        attempt(() => settle(https.get({ host: 'dashscope.aliyuncs.com', ca: [...ca, ours] })));
    """
    refused, accepted = node(code)
    assert refused.startswith(("SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_GET_ISSUER_CERT"))
    assert accepted == "200"


def test_offline_refuses_others(node, programs):
    """Offline, other hosts are refused with ECONNREFUSED and the option's name; the vendor's and this machine are not."""
    code = """
        attempt(() => settle(https.get('https://example.com/')));
        attempt(() => settle(net.connect(80, '203.0.113.7')));
        attempt(() => settle(tls.connect({ port: 443, host: 'fe80::1' })));
        attempt(() => settle(https.get('https://dashscope.aliyuncs.com/')));
        attempt(() => settle(net.connect({ port, host: 'LOCALHOST.' , lookup: (host, options, done) =>
            options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4) })));
        attempt(() => settle(net.connect(port, '::ffff:127.0.0.1')));
        attempt(() => settle(net.connect('/no/such/socket')));
    """
    assert node(code, EMOJI_MOCK_OFFLINE="1") == [
        "ECONNREFUSED emoji-mock --offline refuses example.com:443",
        "ECONNREFUSED emoji-mock --offline refuses 203.0.113.7:80",
        "ECONNREFUSED emoji-mock --offline refuses fe80::1:443",
        "200",
        *[f"connected to {programs.environ['EMOJI_MOCK_PORT']}"] * 2,
        "ENOENT connect ENOENT /no/such/socket",
    ]
