"""The control API: what was asked, what it cost, what comes next; and bad input named by field."""

import json

import pytest
from helpers import body, raw_call


def ask(live, method, path, document=None, kind="application/json"):
    """Send one request to the control API and return status and JSON."""
    content = b"" if document is None else document if isinstance(document, bytes) else json.dumps(document).encode()
    head = (
        f"{method} /_mock/{path} HTTP/1.1\r\nhost: x\r\ncontent-type: {kind}\r\ncontent-length: {len(content)}\r\n\r\n"
    )
    status, _, answer = live.send(head.encode() + content)[0]
    return status, json.loads(answer)


def test_health_says_the_version(live):
    """The fake is alive."""
    status, said = ask(live, "GET", "health")
    assert (status, said["status"]) == (200, "ok")


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
    """Images billed and not billed, and what they cost in CNY."""
    live.send(raw_call(key="sk-mock-a"), raw_call(body("https://emoji-mock.test/failed/Value.png"), key="sk-mock-a"))
    live.send(raw_call(key="sk-mock-throttled"))
    bill = {"passed": 1, "failed": 1, "errors": 0, "images_billed": 2, "images_not_billed": 0, "cost": 0.008}
    free = {"passed": 0, "failed": 0, "errors": 1, "images_billed": 0, "images_not_billed": 1, "cost": 0.0}
    said = ask(live, "GET", "ledger")[1]
    assert said["namespaces"] == {"a": bill, "throttled": free}
    assert (said["currency"], said["price"], said["total"]["cost"]) == ("CNY", 0.004, 0.008)
    assert ask(live, "GET", "ledger?namespace=a")[1]["total"] == bill


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


def test_reset_forgets(live):
    """After a reset nothing is left of a namespace."""
    live.send(raw_call(key="sk-mock-a"), raw_call(key="sk-mock-b"))
    assert ask(live, "POST", "reset?namespace=a")[0] == 200
    assert list(ask(live, "GET", "ledger")[1]["namespaces"]) == ["b"]


def test_the_catalogue_is_told(live):
    """Every row, and one code in full or its end."""
    assert len(ask(live, "GET", "catalogue")[1]) == 53
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
    "no body": ("POST", "rules", None, 422, "body"),
    "not JSON": ("POST", "rules", b"{", 422, "body"),
    "not UTF-8": ("POST", "rules", b'{"outcome":"\xff"}', 422, "body"),
    "deep": ("POST", "rules", b"[" * 9_999, 422, "body"),
    "a list for one": ("POST", "rules", [], 422, "body"),
    "one for a list": ("PUT", "rules", {}, 422, "body"),
    "no outcome": ("POST", "rules", {}, 422, "outcome"),
    "an unknown field": ("POST", "rules", {"outcome": "passed", "tmes": 1}, 422, "tmes"),
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


def test_a_wrong_method_is_told_the_right_ones(live):
    """Allow names every method of the page."""
    status, headers, _ = live.send(b"PATCH /_mock/rules HTTP/1.1\r\nhost: x\r\n\r\n")[0]
    assert (status, headers["allow"]) == (405, "DELETE, GET, POST, PUT")


def test_a_form_is_no_control_request(live):
    """Only JSON is taken, so that no page in a browser can steer the fake."""
    assert ask(live, "POST", "rules", b"{}", "text/plain")[0] == 415


def test_a_key_in_a_bad_rule_is_not_echoed(live):
    """What is refused is told without the key that came with it."""
    status, said = ask(
        live, "POST", "rules", {"outcome": "failed", "code": "Value", "key": "sk-secret-key", "times": 0}
    )
    assert status == 422
    assert "sk-secret-key" not in json.dumps(said)


def test_a_page_of_another_site_is_kept_out(live):
    """A browser says where a request comes from, and only our own manual may steer the fake."""
    head = b"POST /_mock/reset HTTP/1.1\r\nhost: x\r\nsec-fetch-site: %s\r\ncontent-length: 0\r\n\r\n"
    assert [answer[0] for answer in live.send(head % b"cross-site", head % b"same-origin")] == [403, 200]


def test_a_key_in_a_pattern_or_as_namespace_is_not_shown(live):
    """Whoever names a key where none belongs does not find it on a page; as a namespace it means the key's own."""
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


def test_answers_with_the_same_code_are_told_apart(live):
    """The journal is filtered by a row's name as well as by a code."""
    live.send(raw_call(body(model="x")), raw_call(b"{"), raw_call(), raw_call(target="/nothing"))
    totals = {
        code: ask(live, "GET", f"journal?code={code}")[1]["total"]
        for code in ("model-not-exist", "InvalidParameter", "not-found")
    }
    assert totals == {"model-not-exist": 1, "InvalidParameter": 2, "not-found": 1}
