"""Scripts: the bytes of a reply, and when they are sent."""

from emoji_mock.contract.exchange import Fault, Response
from emoji_mock.fake.network.faults import End
from emoji_mock.fake.network.script import Script, TimedBytes, script, serialise

HEAD = b"HTTP/1.1 200 OK\r\nx: 1\r\ncontent-length: 4\r\n\r\n"
ANSWER = Response(200, (("x", "1"),), b"abcd")


def test_a_response_is_sent_with_its_length():
    """A response has a content length, and is sent after its delay, in one piece."""
    assert script("POST", ANSWER._replace(delay=0.5)) == Script((TimedBytes(0.5, HEAD + b"abcd"),), End.KEEP)
    twice = Response(404, (("x", "1"), ("x", "2")), b"ab")
    assert (
        script("POST", twice).steps[0].data == b"HTTP/1.1 404 Not Found\r\nx: 1\r\nx: 2\r\ncontent-length: 2\r\n\r\nab"
    )


def test_a_response_to_head_has_a_length_and_no_body():
    """HEAD gets the length of the body without the body, with a fault too."""
    assert script("HEAD", ANSWER).steps == (TimedBytes(0.0, HEAD),)
    assert script("HEAD", Fault("truncated_body", ANSWER)).steps == (TimedBytes(0.0, HEAD), TimedBytes(0.0, b""))


def test_a_fault_within_a_response_begins_with_its_head():
    """The head is sent first, then parts of the body, then silence, then the end."""
    truncated = script("POST", Fault("truncated_body", ANSWER, delay=1))
    assert truncated == Script((TimedBytes(1, HEAD), TimedBytes(0.0, b"ab")), End.CLOSE)
    stalled = script("POST", Fault("stall_in_body", ANSWER, seconds=9, number=7))
    assert stalled == Script((TimedBytes(0.0, HEAD), TimedBytes(0.0, b"ab")), End.CLOSE, silence=9, number=7)
    dripping = script("POST", Fault("drip", ANSWER, seconds=2))
    assert dripping.steps == (TimedBytes(0.0, HEAD), *(TimedBytes(0.5, bytes([byte])) for byte in b"abcd"))
    assert dripping.end is End.KEEP


def test_a_fault_without_a_response_is_silence_and_an_end():
    """If nothing is sent, the script is silence and an end."""
    assert script("POST", Fault("reset", ANSWER, delay=1)) == Script((), End.RESET, silence=1)
    assert script("POST", Fault("stall", ANSWER, seconds=60, delay=1, number=3)) == Script((), End.CLOSE, 61, 3)
    assert script("POST", Fault("refused", ANSWER)) == Script((), End.REFUSE)


def test_a_status_without_a_name_is_sent_without_a_reason():
    """A recording may have one; the space before the empty reason is kept (RFC 9112, 4)."""
    assert serialise(Response(599, (), b"")).startswith(b"HTTP/1.1 599 \r\n")
