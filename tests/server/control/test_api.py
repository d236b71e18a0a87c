"""The control API: what was asked, what it cost, what comes next; and bad input named by field."""

import json

import pytest
from control import ask
from helpers import VIDEO, body, raw_call

from emoji_mock import Limits, Rule
from emoji_mock.fake.store import memory_limits
from emoji_mock.server.control.models import limited


def test_health_says_the_version(live):
    """The fake is alive."""
    status, said = ask(live, "GET", "health")
    assert (status, said["status"]) == (200, "ok")


def test_a_fake_that_can_answer_is_ready(live):
    """Apart from being alive: a store that cannot be reached is a 503."""
    status, said = ask(live, "GET", "ready")
    assert (status, said["status"]) == (200, "ready")


def test_the_journal_can_be_filtered_and_paged(live):
    """Namespace, outcome and a code's short form select; `next` leads to the following page."""
    for key in ("sk-mock-a", "sk-mock-b"):
        live.send(raw_call(key=key), raw_call(body("https://emoji-mock.test/failed/FacePose.png"), key=key))
    assert ask(live, "GET", "journal")[1]["total"] == 4
    assert ask(live, "GET", "journal?namespace=a&outcome=failed&code=FacePose")[1]["total"] == 1
    page = ask(live, "GET", "journal?limit=3")[1]
    rest = ask(live, "GET", f"journal?limit=3&after={page['next']}")[1]
    assert [entry["namespace"] for entry in page["entries"] + rest["entries"]] == ["a", "a", "b", "b"]
    assert rest["next"] is None


def test_the_ledger_bills_each_namespace(live):
    """Images billed and not billed, what they cost in CNY, and which of them brought nothing."""
    live.send(raw_call(key="sk-mock-a"), raw_call(body("https://emoji-mock.test/failed/Value.png"), key="sk-mock-a"))
    live.send(raw_call(key="sk-mock-a"), raw_call(key="sk-mock-throttled"))
    live.fake.store.add_rule(Rule(fault="malformed_json", times=1))
    live.fake.store.add_rule(Rule(fault="bad_gateway", times=1))
    live.send(raw_call(body("https://example.com/you.png"), key="sk-mock-a"), raw_call(key="sk-mock-a"))
    none = dict.fromkeys(("passed", "failed", "errors", "done", "faults"), 0)
    none |= dict.fromkeys(("images_billed", "images_not_billed", "images_lost", "images_wasted", "videos"), 0)
    none |= dict.fromkeys(("cost", "cost_videos", "cost_wasted", "saved", "video_seconds"), 0.0) | {"models": {}}
    money = {"cost": 0.016, "cost_wasted": 0.008, "saved": 0.016}
    images = {"images_billed": 4, "images_lost": 1, "images_wasted": 2}
    bill = none | {"passed": 2, "failed": 1, "faults": 2} | images | money
    bill |= {"models": {"emoji-detect-v1": {"images": 4, "seconds": {}, "cost": 0.016}}}
    free = none | {"errors": 1, "images_not_billed": 1}
    said = ask(live, "GET", "ledger")[1]
    assert said["namespaces"] == {"a": bill, "throttled": free}
    assert (said["currency"], said["price"], said["total"]["cost"]) == ("CNY", 0.004, 0.016)
    assert said["prices"]["emoji-detect-v1"] == {"": 0.004}
    assert said["prices"]["wan2.2-s2v"] == {"480P": 0.5, "720P": 0.9}
    assert ask(live, "GET", "ledger?namespace=a")[1]["total"] == bill


def test_the_ledger_bills_each_model(live):
    """Images of detections, seconds of video by tier; the sum has both."""
    changes = {
        "model": "wan2.2-s2v",
        "input": {"image_url": "https://example.com/me.png", "audio_url": "https://example.com/me.wav"},
    }
    for resolution in ("480P", "720P"):
        sent = {**changes, "parameters": {"resolution": resolution}}
        live.send(raw_call(json.dumps(sent).encode(), target=VIDEO, x_dashscope_async="enable"))
    live.send(raw_call())
    (low, high) = (entry.video_seconds for entry in live.fake.store.journal().entries[:2])
    bill = ask(live, "GET", "ledger")[1]["total"]
    cost = round(0.5 * low + 0.9 * high, 4)
    assert bill["models"] == {
        "emoji-detect-v1": {"images": 1, "seconds": {}, "cost": 0.004},
        "wan2.2-s2v": {"images": 0, "seconds": {"480P": low, "720P": high}, "cost": pytest.approx(cost)},
    }
    assert (bill["videos"], bill["video_seconds"]) == (2, pytest.approx(low + high))
    assert (bill["cost_videos"], bill["cost"]) == (pytest.approx(cost), pytest.approx(cost + 0.004))


def test_rules_are_added_listed_replaced_and_cleared(live):
    """A rule decides for its namespace until it is used up; a list replaces; clearing gives back what stood before."""
    status, standing = ask(live, "POST", "rules?namespace=a", {"outcome": "error", "code": "RateQuota", "times": 1})
    assert (status, standing["namespace"], standing["rule"]["code"]) == (201, "a", "Throttling.RateQuota")
    assert [answer[0] for answer in live.send(*[raw_call(key="sk-mock-a")] * 2)] == [429, 200]
    assert live.send(raw_call(key="sk-mock-b"))[0][0] == 200
    assert [standing["used"] for standing in ask(live, "GET", "rules")[1]] == [1]
    status, standing = ask(live, "PUT", "rules", [{"outcome": "failed", "code": "Value", "image_url": "*/me.png"}])
    assert (status, len(standing)) == (200, 1)
    assert b"InvalidFile.Value" in live.send(raw_call(key="sk-mock-b"))[0][2]
    assert ask(live, "DELETE", "rules")[1] == {"namespace": None, "rules": 2}
    assert ask(live, "GET", "rules")[1] == []


def test_limits_are_set_listed_and_lifted(live):
    """They hold for a namespace or for everyone, in place of those before, and a reset lifts them."""
    assert ask(live, "GET", "limits") == (200, [])
    assert ask(live, "PUT", "limits", {"images": 1, "spend": 0.8})[0] == 200
    everyone = {"namespace": "*", "limits": {"images": 1, "spend": 0.8}}
    status, said = ask(live, "PUT", "limits?namespace=sk-mock-a", {"rps": 1, "retry_after": True})
    assert (status, said) == (200, [everyone, {"namespace": "a", "limits": {"rps": 1, "retry_after": True}}])
    assert [answer[0] for answer in live.send(*[raw_call(key="sk-mock-b")] * 2)] == [200, 403]
    (_, (status, headers, _)) = live.send(*[raw_call(key="sk-mock-a")] * 2)
    assert (status, headers["retry-after"]) == (429, "1")
    assert ask(live, "PUT", "limits?namespace=a", {})[1][1] == {"namespace": "a", "limits": {}}
    assert {answer[0] for answer in live.send(*[raw_call(key="sk-mock-a")] * 3)} == {200}
    assert ask(live, "DELETE", "limits?namespace=a") == (200, [everyone])
    assert live.send(raw_call(key="sk-mock-a"))[0][0] == 403
    ask(live, "POST", "reset")
    assert ask(live, "GET", "limits") == (200, [])


def test_the_servers_own_limits_are_listed():
    """The limits of the fake's options apply to everyone until others are set."""
    assert [(one.namespace, one.limits.rps) for one in limited({}, Limits(rps=1))] == [("*", 1)]
    said = limited({"a": Limits(), "*": Limits(rps=2)}, Limits(rps=1))
    assert [(one.namespace, one.limits.rps) for one in said] == [("*", 2), ("a", None)]


def test_the_number_of_namespaces_with_limits_is_bounded(live, monkeypatch):
    """Beyond the bound the namespace that was idle for the longest time loses its limits; everyone's stay."""
    monkeypatch.setattr(memory_limits, "NAMESPACES", 3)
    for namespace in ("*", "a", "b"):
        ask(live, "PUT", f"limits?namespace={namespace}", {"rps": 1000})
    live.send(raw_call(key="sk-mock-a"))
    said = ask(live, "PUT", "limits?namespace=c", {"rps": 1})[1]
    assert [one["namespace"] for one in said] == ["*", "a", "c"]


def test_reset_forgets(live):
    """After a reset nothing is left of a namespace."""
    live.send(raw_call(key="sk-mock-a"), raw_call(key="sk-mock-b"))
    assert ask(live, "POST", "reset?namespace=a")[0] == 200
    assert list(ask(live, "GET", "ledger")[1]["namespaces"]) == ["b"]


def test_the_catalogue_is_listed(live):
    """Every row, and one code in full or its end."""
    assert len(ask(live, "GET", "catalogue")[1]) == 97
    (row,) = ask(live, "GET", "catalogue/FacePose")[1]
    assert (row["code"], row["known"], row["billed"]) == ("InvalidFile.FacePose", ["documented"], True)


BAD = {
    "limit 0": ("GET", "journal?limit=0", None, 422, "limit"),
    "limit not a number": ("GET", "journal?limit=x", None, 422, "limit"),
    "after negative": ("GET", "journal?after=-1", None, 422, "after"),
    "outcome unknown": ("GET", "journal?outcome=maybe", None, 422, "outcome"),
    "code unknown": ("GET", "journal?code=FacePoze", None, 422, "code"),
    "namespace too long": ("GET", "ledger?namespace=" + "a" * 129, None, 422, "namespace"),
    "code to explain": ("GET", "catalogue/FacePoze", None, 404, "code"),
    "a misspelt parameter": ("POST", "reset?namspace=a", None, 422, "namspace"),
    "a parameter where there is none": ("GET", "health?verbose=1", None, 422, "verbose"),
    "a parameter of the path": ("GET", "catalogue/FacePose?code=Value", None, 422, "code"),
    "no body": ("POST", "rules", None, 422, "body"),
    "not JSON": ("POST", "rules", b"{", 422, "body"),
    "not UTF-8": ("POST", "rules", b'{"outcome":"\xff"}', 422, "body"),
    "deep": ("POST", "rules", b"[" * 9_999, 422, "body"),
    "a list for one": ("POST", "rules", [], 422, "body"),
    "one for a list": ("PUT", "rules", {}, 422, "body"),
    "no outcome": ("POST", "rules", {}, 422, "outcome"),
    "an unknown field": ("POST", "rules", {"outcome": "passed", "tmes": 1}, 422, "tmes"),
    "an unknown endpoint": ("POST", "rules", {"fault": "reset", "endpoint": "faces"}, 422, "endpoint"),
    "nothing is detected": ("POST", "rules", {"outcome": "passed", "endpoint": "task"}, 422, "outcome"),
    "no such criterion": ("POST", "rules", {"fault": "reset", "endpoint": "tasks", "model": "x"}, 422, "model"),
    "an unknown code": ("POST", "rules", {"outcome": "failed", "code": "FacePoze"}, 422, "code"),
    "times of a wrong type": ("POST", "rules", {"outcome": "passed", "times": "1"}, 422, "times"),
    "a face outside": ("POST", "rules", {"outcome": "passed", "face": [9, 9, 1, 1]}, 422, "face"),
    "in the second rule": (
        "PUT",
        "rules",
        [{"outcome": "passed"}, {"outcome": "passed", "times": 0}],
        422,
        "[1].times",
    ),
    "a limit of nothing": ("PUT", "limits", {"rps": 0}, 422, "rps"),
    "a sum that is none": ("PUT", "limits", {"spend": -1}, 422, "spend"),
    "an unknown limit": ("PUT", "limits", {"rpz": 1}, 422, "rpz"),
    "too long": ("POST", "rules", b" " * 1_048_577, 413, "body"),
    "unknown page": ("GET", "nothing", None, 404, "path"),
    "wrong method": ("DELETE", "health", None, 405, "method"),
}


@pytest.mark.parametrize(("method", "path", "document", "status", "field"), BAD.values(), ids=BAD)
def test_bad_input_is_named_by_field(live, method, path, document, status, field):
    """A clear 4xx says which field is wrong, and how."""
    code, said = ask(live, method, path, document)
    assert (code, said["errors"][0]["field"]) == (status, field)
    assert said["errors"][0]["problem"]


@pytest.mark.parametrize(
    ("method", "path", "problem"),
    [
        (
            "GET",
            "journal?lmit=3",
            "unknown parameter 'lmit'; did you mean limit? Choose from namespace, outcome, code, after, limit",
        ),
        (
            "DELETE",
            "rules?namespace=a&namspace=b",
            "unknown parameter 'namspace'; did you mean namespace? Choose from namespace",
        ),
        ("GET", "catalogue?code=FacePose", "must be left out"),
        (
            "GET",
            "rule",
            "unknown page '/_mock/rule'; did you mean /_mock/rules?",
        ),
    ],
)
def test_a_misspelt_name_is_refused_with_the_choices(live, method, path, problem):
    """An unknown parameter or page: nothing is done, because a misspelt namespace would mean every namespace."""
    live.fake.store.add_rule(Rule(outcome="passed"))
    assert ask(live, method, path)[1]["errors"][0]["problem"] == problem
    assert len(live.fake.store.rules()) == 1


@pytest.mark.parametrize(
    ("path", "document", "problem"),
    [
        ("rules", {"outcome": "passed", "tmes": 1}, "unknown field 'tmes'; did you mean times?"),
        ("rules", {"fault": "rest"}, "unknown value 'rest'; did you mean reset? Choose from refused, close, reset, empty_reply, garbage, stall, truncated_body, stall_in_body, drip, malformed_json, bad_gateway, gateway_timeout"),
        ("rules", {"outcome": "passed", "times": 0}, "must be a whole number from 1 on"),
        ("rules", {"outcome": "failed", "code": "x" * 600}, "must be text of at most 512"),
        ("rules", [], "must be an object, not a list"),
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_rule_is_refused_in_plain_words(live, path, document, problem):
    """An error message says in plain words what would be right."""
    assert ask(live, "POST", path, document)[1]["errors"][0]["problem"] == problem


def test_a_wrong_method_is_refused_with_the_right_ones(live):
    """Allow names every method of the page."""
    status, headers, _ = live.send(b"PATCH /_mock/limits HTTP/1.1\r\nhost: localhost\r\n\r\n")[0]
    assert (status, headers["allow"]) == (405, "DELETE, GET, HEAD, OPTIONS, PUT")


def test_a_form_is_no_control_request(live):
    """Only JSON is accepted, so that no page in a browser can change the fake's answers."""
    assert ask(live, "POST", "rules", b"{}", "text/plain")[0] == 415


def test_a_key_in_a_bad_rule_is_not_echoed(live):
    """An error does not repeat the key that came with the request."""
    status, said = ask(
        live, "POST", "rules", {"outcome": "failed", "code": "Value", "key": "sk-secret-key", "times": 0}
    )
    assert status == 422
    assert "sk-secret-key" not in json.dumps(said)


def test_a_page_of_another_site_is_kept_out(live):
    """By the headers of a browser, only requests from our own manual may change the fake's answers."""
    head = b"POST /_mock/reset HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: %s\r\ncontent-length: 0\r\n\r\n"
    assert [answer[0] for answer in live.send(head % b"cross-site", head % b"same-origin")] == [403, 200]


@pytest.mark.parametrize(
    ("host", "browser", "status"),
    [
        (b"evil.example", b"sec-fetch-site: same-origin\r\n", 403),
        (b"evil.example:8000", b"sec-fetch-site: none\r\n", 403),
        (b"127.0.0.1:8000", b"sec-fetch-site: same-origin\r\n", 200),
        (b"[::1]:8000", b"sec-fetch-site: same-origin\r\n", 200),
        (b"localhost", b"sec-fetch-site: same-origin\r\n", 200),
        (b"app.localhost", b"sec-fetch-site: same-origin\r\n", 200),
        (b"emoji-mock:8000", b"sec-fetch-site: same-origin\r\n", 403),
        (b"mock.company.example", b"", 403),
        (b"127.1.2.3", b"", 200),
        (b"LOCALHOST.", b"", 200),
        (b"[::ffff:127.0.0.1]:80", b"", 200),
        (b"8.8.8.8", b"", 403),
        (b"localhost.evil.example", b"", 403),
        (b"127.0.0.1.evil.example", b"", 403),
        (b"localhost, evil.example", b"", 403),
        (b"localhost\r\nhost: evil.example", b"", 403),
        (b"", b"", 200),
        (b"", b"origin: null\r\n", 403),
        (b"", b"sec-fetch-site: none\r\n", 403),
        (b"localhost", b"origin: http://localhost:80\r\n", 200),
        (b"localhost:443", b"origin: https://localhost\r\n", 200),
        (b"localhost", b"origin: file://localhost\r\n", 403),
        (b"localhost", b"origin: http://localhost\r\nsec-fetch-site: same-site\r\n", 403),
        (b"evil.example:8000", b"origin: http://evil.example:8000\r\n", 403),
        (b"127.0.0.1:8000", b"origin: http://evil.example\r\n", 403),
        (b"127.0.0.1:8000", b"origin: http://127.0.0.1:8001\r\n", 403),
        (b"127.0.0.1:8000", b"origin: null\r\n", 403),
        (b"127.0.0.1:8000", b"origin: http://127.0.0.1:8000\r\n", 200),
        (b"127.0.0.1:8000", b"origin: http://127.0.0.1:8000\r\norigin: http://evil.example\r\n", 403),
        (b"[::1", b"", 403),
        (b"localhost:eight", b"", 403),
        (b"localhost@evil.example", b"", 403),
    ],
)
def test_a_page_whose_name_was_bent_to_us_is_kept_out(live, host, browser, status):
    """Only a known name opens the control API: under a foreign one, a page was led here (DNS rebinding)."""
    head = b"GET /_mock/ledger HTTP/1.1\r\nhost: " + host + b"\r\n" + browser + b"\r\n"
    assert [answer[0] for answer in live.send(head)] == [status]


@pytest.mark.parametrize(
    "request_line", ["POST /_mock/reset", "DELETE /_mock/rules", "DELETE /_mock/limits", "GET /_mock/journal"]
)
def test_what_takes_no_body_is_closed_to_other_sites_as_well(live, request_line):
    """A form needs no leave to be sent anywhere, and a browser that sends it names the page's origin."""
    head = f"{request_line} HTTP/1.1\r\nhost: localhost\r\norigin: http://evil.example\r\ncontent-length: 0\r\n\r\n"
    status, _, said = live.send(head.encode())[0]
    assert (status, json.loads(said)["errors"][0]["field"]) == (403, "origin")


@pytest.mark.parametrize("namespace", ["%20sk-abcdef0123456789", "my%20sk-abcdef0123456789", "sk-abcdef0123456789%0A"])
def test_a_key_inside_other_text_is_not_shown_as_namespace(live, namespace):
    """Limits, a reset and a deletion answer with the namespace, in which a key is a fingerprint."""
    said = [
        ask(live, "PUT", f"limits?namespace={namespace}", {"rps": 1}),
        ask(live, "POST", f"reset?namespace={namespace}"),
        ask(live, "DELETE", f"rules?namespace={namespace}"),
    ]
    assert [status for status, _ in said] == [200, 200, 200]
    assert "abcdef" not in str(said)
    assert str(said).count("key:") == 3


def test_a_key_in_a_pattern_or_as_namespace_is_not_shown(live):
    """A key given in the wrong place is not shown on any page; as a namespace it means that key's own."""
    rule = {
        "outcome": "passed",
        "model": "sk-secret-key1",
        "image_url": "*sk-secret-key1*",
        "key": "key:sk-secret-key1",
    }
    said = [ask(live, "POST", "rules?namespace=sk-secret-key1", rule), ask(live, "GET", "rules")]
    said.append(ask(live, "POST", "rules", {"outcome": "failed", "code": "sk-secret-key1"}))
    said.append(ask(live, "POST", "rules", {"outcome": "passed", "sk-secret-key1": 1}))
    assert "secret" not in json.dumps(said)
    assert ask(live, "POST", "rules?namespace=sk-mock-alice", rule)[1]["namespace"] == "alice"


def test_answers_with_the_same_code_are_distinguished(live):
    """The journal is filtered by a row's name as well as by a code."""
    live.send(raw_call(body(model="x")), raw_call(b"{"), raw_call(), raw_call(target="/nothing"))
    totals = {
        code: ask(live, "GET", f"journal?code={code}")[1]["total"]
        for code in ("model-not-exist", "InvalidParameter", "not-found")
    }
    assert totals == {"model-not-exist": 1, "InvalidParameter": 2, "not-found": 1}


def test_a_shipped_scenario_is_played_by_its_name(live):
    """It replaces everyone's rules, and is shown as in its file; a reset ends it."""
    assert ask(live, "GET", "scenario") == (200, {})
    played = {
        "name": "retired-model",
        "description": "The model is offline: every call is refused with 403 AccessDenied.",
        "rules": [{"outcome": "error", "code": "access-denied"}],
    }
    assert ask(live, "PUT", "scenario", {"name": "retired-model"}) == (200, played)
    assert ask(live, "GET", "scenario") == (200, played)
    assert live.send(raw_call())[0][0] == 403
    assert ask(live, "PUT", "scenario", {"name": "happy"})[0] == 200
    assert live.send(raw_call())[0][0] == 200
    ask(live, "POST", "reset")
    assert ask(live, "GET", "scenario") == (200, {})


def test_a_whole_scenario_may_be_sent(live):
    """A whole scenario can be sent as JSON; a key in it is not shown."""
    rules = [{"outcome": "failed", "code": "Value", "image_url": "*sk-secret-key1*"}, {"fault": "bad_gateway"}]
    status, said = ask(live, "PUT", "scenario", {"name": "mine", "rules": rules, "latency": 0.001})
    assert (status, said["name"], said["latency"]) == (200, "mine", 0.001)
    assert "secret" not in json.dumps(said)
    assert live.send(raw_call())[0][0] == 502


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"name": "sunday"}, "name"),
        ({"name": "../../etc/passwd"}, "name"),
        ({}, "name"),
        ({"name": "x", "rules": [{"fault": "reset"}, {"fault": "reset", "chance": 7}]}, "rules[1].chance"),
        ({"name": "x", "rules": [{"fault": "reset"}] * 1001}, "rules"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_bad_scenario_is_named_by_field(live, document, field):
    """An unknown name (a file's path is none), and what a file would be refused for; nothing changes."""
    status, said = ask(live, "PUT", "scenario", document)
    assert (status, said["errors"][0]["field"]) == (422, field)
    assert ask(live, "GET", "scenario") == (200, {})


def test_the_verdict_judges_a_namespace(live):
    """What callers did wrong, of one namespace or of all; each finding with its exchanges and what to do instead."""
    failed = body("https://emoji-mock.test/failed/FacePose.png")
    live.send(raw_call(failed, key="sk-mock-a"), raw_call(failed, key="sk-mock-a"), raw_call(key="sk-mock-throttled"))
    first = live.fake.store.journal().entries[0].number
    status, said = ask(live, "GET", "verdict")
    assert (status, said["exchanges"]) == (200, 3)
    assert [finding["name"] for finding in said["findings"]] == ["gave-up", "paid-twice"]
    (found,) = ask(live, "GET", "verdict?namespace=sk-mock-a")[1]["findings"]
    assert found.pop("done").startswith("https://emoji-mock.test/failed/FacePose.png: paid again ")
    assert found == {
        "name": "paid-twice",
        "severity": "wasteful",
        "namespace": "a",
        "exchanges": [first, first + 1],
        "instead": "Keep the answer: a detection is billed, passed or failed, as is a video; a repeated request is paid again.",
        "cases": 1,
    }
    assert ask(live, "GET", "verdict?namespace=nobody")[1] == {"exchanges": 0, "findings": []}
