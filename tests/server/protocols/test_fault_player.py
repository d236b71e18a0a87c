"""Faults on a real socket: later calls, concurrent calls, and the shutdown of the server."""

import gc
import re
import socket
import time
from weakref import WeakSet

import pytest
from helpers import body, raw_call, read_all, read_answer

from emoji_mock import Rule

SLOW = 0.3


def connect(live):
    """Return a connection to the server."""
    return socket.create_connection(live.address, timeout=5)


def test_calls_behind_a_slow_one_wait_for_it(live):
    """Calls on one connection are answered in order, although the first answer is late."""
    live.fake.store.add_rule(Rule(latency=SLOW, times=1))
    with connect(live) as connection:
        connection.sendall(raw_call())
        time.sleep(0.05)  # a second read of the server's
        connection.sendall(raw_call(b"{", connection="close"))
        assert re.findall(rb"HTTP/1.1 (\d+)", read_all(connection)) == [b"200", b"400"]


def test_pipelined_calls_behind_a_fault_are_dropped_with_the_connection(live):
    """Calls pipelined in the same bytes as a fault that ends the connection are neither answered nor billed."""
    live.fake.store.add_rule(Rule(fault="empty_reply", times=1))
    with connect(live) as connection:
        connection.sendall(raw_call() + raw_call())
        assert connection.recv(1) == b""
    assert [entry.fault for entry in live.fake.store.journal().entries] == ["empty_reply"]


def test_a_caller_that_closed_its_side_has_not_certainly_waited(live):
    """A late answer is sent to it, but it may have given up: the journal does not say that it waited."""
    live.fake.store.add_rule(Rule(latency=SLOW))
    for message in (raw_call(), raw_call(connection="close")):
        with connect(live) as connection:
            connection.sendall(message)
            connection.shutdown(socket.SHUT_WR)
            assert read_all(connection).startswith(b"HTTP/1.1 200 ")
    assert [entry.waited_out for entry in live.fake.store.journal().entries] == [False, False]


def test_a_late_answer_does_not_delay_other_callers(live):
    """While one caller waits, others are answered."""
    live.fake.store.add_rule(Rule(fault="stall", times=1))
    with connect(live) as stalled, connect(live) as other:
        stalled.sendall(raw_call())
        time.sleep(0.05)
        other.sendall(raw_call())
        assert read_answer(other)[0] == 200


@pytest.mark.parametrize("kind", ["reset", "empty_reply", "truncated_body", "stall_in_body", "drip"])
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_large_and_old_requests_meet_faults_too(live, kind, version):
    """Requests that go through ASGI (a large body, HTTP/1.0) get the same fault."""
    seconds = {"seconds": SLOW} if kind in {"stall_in_body", "drip"} else {}
    live.fake.store.add_rule(Rule(fault=kind, **seconds))
    payload = body("https://example.com/" + "a" * 20_000)
    with connect(live) as connection:
        connection.sendall(raw_call(payload, version=version))
        if kind == "reset":
            with pytest.raises(ConnectionResetError):
                connection.recv(1)
            return
        data = b""
        while part := connection.recv(65_536):
            data += part
            if kind == "drip" and data.endswith(b'"}'):
                break
    head, _, rest = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0] or 0) if head else 0
    assert len(rest) == {"empty_reply": 0, "drip": length}.get(kind, length // 2)


@pytest.mark.parametrize("length", [200, 200_000])
def test_a_connection_is_closed_before_its_request_is_read(live, length):
    """`close` does not wait for the body, and `empty_reply` does; the connection ends without a reset."""
    live.fake.store.add_rule(Rule(fault="close", key="sk-mock-test", times=1))
    head = raw_call(b"", content_length=str(length))
    with connect(live) as connection:
        connection.sendall(head + b"{")
        assert connection.recv(1) == b""
    (entry,) = live.fake.store.journal().entries
    assert (entry.fault, entry.request_body) == ("close", "")
    live.fake.store.add_rule(Rule(fault="empty_reply", times=1))
    with connect(live) as connection:
        connection.sendall(head + b"{")
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(5)
        connection.sendall(b" " * (length - 1))
        assert connection.recv(1) == b""
    assert [entry.fault for entry in live.fake.store.journal().entries] == ["close", "empty_reply"]


@pytest.mark.parametrize(
    "criterion", [{"image_url": "*"}, {"model": "emoji-detect-v1"}, {"chance": 1}, {"key": "sk-mock-x"}]
)
def test_a_close_rule_with_criteria_waits_for_the_body(live, criterion):
    """A rule that depends on the body or on chance applies after the body was read."""
    live.fake.store.add_rule(Rule(fault="close", **criterion))
    call = raw_call()
    with connect(live) as connection:
        connection.sendall(call[:-5])
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(5)
        connection.sendall(call[-5:])
        assert connection.recv(1) == (b"" if "key" not in criterion else b"H")


def test_the_journal_records_who_waited_out_a_stall(live):
    """A caller that disconnects during a stall has not waited it out; one that stays has."""
    live.fake.store.add_rule(Rule(fault="stall", seconds=SLOW, times=2))
    with connect(live) as patient:
        patient.sendall(raw_call())
        assert patient.recv(1) == b""
    with connect(live) as impatient:
        impatient.sendall(raw_call())
        time.sleep(0.05)
    deadline = time.monotonic() + 5
    while len(live.fake.store.journal().entries) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(SLOW)
    assert [entry.waited_out for entry in live.fake.store.journal().entries] == [True, False]


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
def test_the_journal_records_who_waited_for_a_late_answer(live, large):
    """A caller that disconnects before a late answer has not waited for it, on the shortcut and through ASGI."""
    live.fake.store.add_rule(Rule(latency=SLOW))
    payload = body("https://example.com/" + "a" * 20_000 * large)
    with connect(live) as patient, connect(live) as impatient:
        impatient.sendall(raw_call(payload))
        time.sleep(0.1)
        patient.sendall(raw_call(payload))
        impatient.close()
        assert read_answer(patient)[0] == 200
    assert [entry.waited_out for entry in live.fake.store.journal().entries] == [False, True]


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
@pytest.mark.parametrize("kind", ["", "reset", "truncated_body", "stall"])
def test_a_connection_is_freed_at_once(live, monkeypatch, kind, large):
    """A lost connection needs no garbage collection, after a fault and after ASGI alike."""
    alive, numbers, connection_made = WeakSet(), [], live.protocol.connection_made

    def noted(protocol, transport):
        alive.add(protocol)
        numbers.append(len(numbers))
        connection_made(protocol, transport)

    monkeypatch.setattr(live.protocol, "connection_made", noted)
    if kind:
        live.fake.store.add_rule(Rule(fault=kind, seconds=0.01 if kind == "stall" else None))
    payload = body("https://example.com/" + "a" * 20_000 * large)
    gc.collect()
    gc.disable()
    try:
        for _ in range(5):
            with connect(live) as connection:
                connection.sendall(raw_call(payload, connection="close" if large else "keep-alive"))
                read_answer(connection) if not kind else read_all(connection)
        deadline = time.monotonic() + 5
        while alive and time.monotonic() < deadline:
            time.sleep(0.01)
    finally:
        gc.enable()
    assert (len(numbers), len(alive)) == (5, 0)
