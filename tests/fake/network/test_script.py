"""What a client gets to read, and when."""

from emoji_mock.contract.exchange import Fault, Response
from emoji_mock.fake.network.faults import End
from emoji_mock.fake.network.script import Script, TimedBytes, script, serialise

HEAD = b"HTTP/1.1 200 OK\r\nx: 1\r\ncontent-length: 4\r\n\r\n"
ANSWER = Response(200, (("x", "1"),), b"abcd")


def test_an_answer_goes_out_with_its_length():
    """An answer is framed by its length, and comes after its delay, in one piece."""
    assert script("POST", ANSWER._replace(delay=0.5)) == Script((TimedBytes(0.5, HEAD + b"abcd"),), End.KEEP)
    twice = Response(404, (("x", "1"), ("x", "2")), b"ab")
    assert (
        script("POST", twice).steps[0].data == b"HTTP/1.1 404 Not Found\r\nx: 1\r\nx: 2\r\ncontent-length: 2\r\n\r\nab"
    )


def test_an_answer_to_head_keeps_its_length_and_loses_its_body():
    """HEAD hears how long the body would be, and gets none, however it is spoilt."""
    assert script("HEAD", ANSWER).steps == (TimedBytes(0.0, HEAD),)
    assert script("HEAD", Fault("truncated_body", ANSWER)).steps == (TimedBytes(0.0, HEAD), TimedBytes(0.0, b""))


def test_a_spoilt_answer_begins_with_its_head():
    """Of a spoilt answer the head comes first, then what there is of the body, then silence, then the end."""
    truncated = script("POST", Fault("truncated_body", ANSWER, delay=1))
    assert truncated == Script((TimedBytes(1, HEAD), TimedBytes(0.0, b"ab")), End.CLOSE)
    stalled = script("POST", Fault("stall_in_body", ANSWER, seconds=9, number=7))
    assert stalled == Script((TimedBytes(0.0, HEAD), TimedBytes(0.0, b"ab")), End.CLOSE, silence=9, number=7)
    dripping = script("POST", Fault("drip", ANSWER, seconds=2))
    assert dripping.steps == (TimedBytes(0.0, HEAD), *(TimedBytes(0.5, bytes([byte])) for byte in b"abcd"))
    assert dripping.end is End.KEEP


def test_without_an_answer_there_is_only_the_end():
    """Where nothing of an answer comes, the script is silence and an end."""
    assert script("POST", Fault("reset", ANSWER, delay=1)) == Script((), End.RESET, silence=1)
    assert script("POST", Fault("stall", ANSWER, seconds=60, delay=1, number=3)) == Script((), End.CLOSE, 61, 3)
    assert script("POST", Fault("refused", ANSWER)) == Script((), End.REFUSE)


def test_a_status_that_has_no_name_goes_out_without_a_reason():
    """A recording may hold one; the space before the empty reason stays (RFC 9112, 4)."""
    assert serialise(Response(599, (), b"")).startswith(b"HTTP/1.1 599 \r\n")
