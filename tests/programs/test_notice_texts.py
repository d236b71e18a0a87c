"""What is said of connections that did not reach the fake."""

from emoji_mock.programs.notice_texts import describe_notices
from emoji_mock.server.tls.notices import Notice, NoticeKind


def test_connections_that_reached_nobody_are_explained():
    """Each says the host, the client, why, how often, and what to do."""
    notices = {
        Notice(NoticeKind.HANDSHAKE, "dashscope.aliyuncs.com", "Foo/1.0", "unknown ca"): 2,
        Notice(NoticeKind.UNUSED, "dashscope.aliyuncs.com", "", "it closed the connection"): 1,
        Notice(NoticeKind.UNNAMED, "dashscope-new.aliyuncs.com", "Foo/1.0", "sslv3 alert bad certificate"): 1,
        Notice(NoticeKind.REFUSED, "example.com", "curl/8\n", "--offline"): 1,
        Notice(NoticeKind.UNREACHABLE, "example.org", "curl/8", "Connection refused"): 1,
    }
    assert list(describe_notices(notices)) == [
        (
            "no TLS between dashscope.aliyuncs.com and Foo/1.0, 2 times: unknown ca. It does not trust emoji-mock's"
            " certificate authority: give it $EMOJI_MOCK_CA, or with the system's authorities $EMOJI_MOCK_CA_BUNDLE, or let"
            " it check no certificates here."
        ),
        (
            "no request to dashscope.aliyuncs.com from a client: it closed the connection. If it compares certificates with"
            " some of its own (pinning), it must not do so here."
        ),
        (
            "no TLS between dashscope-new.aliyuncs.com and Foo/1.0: sslv3 alert bad certificate. emoji-mock's certificate"
            " does not name this host: call https://dashscope.aliyuncs.com, which serves the models, or let the client"
            " check no certificates here."
        ),
        "no connection to example.com for curl/8\\n: refused, --offline.",
        "no connection to example.org for curl/8: Connection refused.",
    ]
