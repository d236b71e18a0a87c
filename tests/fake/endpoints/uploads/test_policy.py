"""getPolicy: permission to upload a picture for one model."""

import json
from base64 import b64decode

import pytest
from helpers import call, masked, status_and_body

PATH = "/api/v1/uploads?action=getPolicy&model=emoji-detect-v1"


def get(target=PATH, **changes):
    """Return a request for a policy."""
    return call(b"", **{"method": "GET", "target": target, **changes})


def test_a_policy_byte_for_byte(fake):
    """Every field in the vendor's order; the folder is named by account, day in China and request."""
    answer = fake.answer(get())
    assert answer.status == 200
    policy = json.loads(answer.body)["data"]
    text = masked(answer.body.decode()).replace(policy["policy"], "POLICY").replace(policy["signature"], "SIGNATURE")
    assert text == (
        '{"data":{"policy":"POLICY","signature":"SIGNATURE",'
        '"upload_dir":"dashscope-instant/44a8995dd50b6657a037a7839304535b/2026-11-23/ID",'
        '"upload_host":"https://dashscope-file-mgr.oss-cn-beijing.aliyuncs.com","expire_in_seconds":300,'
        '"max_file_size_mb":1024,"capacity_limit_mb":999999999,"oss_access_key_id":"emoji-mock",'
        '"x_oss_object_acl":"private","x_oss_forbid_overwrite":"true"},"request_id":"ID"}'
    )
    assert dict(answer.headers)["content-type"] == "application/json"
    assert [name for name, _ in answer.headers] == [
        "content-type",
        "req-cost-time",
        "req-arrive-time",
        "resp-start-time",
        "x-envoy-upstream-service-time",
        "date",
        "server",
        "vary",
    ]
    assert json.loads(answer.body)["request_id"] in policy["upload_dir"]


def test_the_policy_is_a_document_of_the_storages(fake):
    """In base64: when it ends, and what an upload must be like."""
    policy = json.loads(fake.answer(get()).body)["data"]
    document = json.loads(b64decode(policy["policy"]))
    assert document["expiration"] == "2026-11-22T17:05:00.000Z"
    assert document["conditions"] == [
        ["content-length-range", 0, 1073741824],
        ["starts-with", "$key", policy["upload_dir"]],
        {"bucket": "dashscope-file-mgr"},
        {"x-oss-object-acl": "private"},
        {"x-oss-forbid-overwrite": "true"},
    ]


@pytest.mark.parametrize(
    ("host", "where"),
    [
        ("dashscope.aliyuncs.com", "https://dashscope-file-mgr.oss-cn-beijing.aliyuncs.com"),
        ("ws-1.cn-beijing.maas.aliyuncs.com", "https://dashscope-file-mgr.oss-cn-beijing.aliyuncs.com"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000/dashscope-file-mgr"),
        ("localhost:8000", "http://localhost:8000/dashscope-file-mgr"),
        ("[::1]:8000", "http://[::1]:8000/dashscope-file-mgr"),
        ("mock", "http://mock/dashscope-file-mgr"),
    ],
)
def test_an_upload_goes_to_the_host_that_was_asked(fake, host, where):
    """Under one of the vendor's names, to the vendor's storage; under any other, to that very server."""
    assert json.loads(fake.answer(get(host=host)).body)["data"]["upload_host"] == where


@pytest.mark.parametrize(
    ("target", "proto", "where"),
    [
        ("https://mock.example:8443{}", None, "https://mock.example:8443"),
        ("HTTPS://mock.example{}", None, "https://mock.example"),
        ("http://mock.example{}", None, "http://mock.example"),
        ("{}", "https", "https://127.0.0.1:8000"),
        ("{}", "https, http", "https://127.0.0.1:8000"),
        ("{}", "http, https", "http://127.0.0.1:8000"),
        ("{}", "", "http://127.0.0.1:8000"),
        ("https://dashscope.aliyuncs.com{}", None, None),
    ],
)
def test_under_https_the_storage_is_named_so(fake, target, proto, where):
    """An absolute target tells the scheme, or the proxy that is nearest to the caller."""
    asked = target.format("/api/v1/uploads?action=getPolicy&model=emoji-detect-v1")
    answer = json.loads(fake.answer(get(asked, host="127.0.0.1:8000", x_forwarded_proto=proto)).body)["data"][
        "upload_host"
    ]
    assert answer == (
        f"{where}/dashscope-file-mgr" if where else "https://dashscope-file-mgr.oss-cn-beijing.aliyuncs.com"
    )


def gateway(status, code, message):
    """An error in the gateway's key order."""
    said = {"code": code, "message": message, "request_id": "ID"}
    return status, json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def service(status, code, message):
    """An error in the service's key order."""
    said = {"request_id": "ID", "code": code, "message": message}
    return status, json.dumps(said, ensure_ascii=False, separators=(",", ":"))


NO_KEY = gateway(401, "InvalidApiKey", "No API-key provided.")
NO_MODEL = gateway(400, "InvalidParameter", 'Required parameter "model" missing from request.')
NO_SUCH_MODEL = gateway(400, "InvalidParameter", "Model not exist.")
WRONG = service(400, "InvalidParameter", "The request parameter is invalid, please check the request parameter.")
POSTED = gateway(400, "InvalidParameter", "Request method 'POST' is not supported.")
THROTTLED = gateway(429, "Throttling.RateQuota", "Requests rate limit exceeded, please try again later.")
ARREARS = gateway(400, "Arrearage", "Access denied, please make sure your account is in good standing.")
WITHOUT_MODEL = "/api/v1/uploads?action=getPolicy"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (get(authorization=None, target="/api/v1/uploads", method="POST"), NO_KEY),
        (get(method="POST"), POSTED),
        (get("/api/v1/uploads"), WRONG),
        (get("/api/v1/uploads?model=emoji-detect-v1"), WRONG),
        (get("/api/v1/uploads?action=putPolicy&model=emoji-detect-v1"), WRONG),
        (get("/api/v1/uploads?" + "a=1&" * 101), WRONG),
        (get(WITHOUT_MODEL), NO_MODEL),
        (get(f"{WITHOUT_MODEL}&model="), NO_MODEL),
        (get(f"{WITHOUT_MODEL}&model=nobody"), NO_SUCH_MODEL),
        (get(key="sk-mock-arrears"), ARREARS),
        (get(key="sk-mock-throttled"), THROTTLED),
    ],
)
def test_an_error_byte_for_byte(fake, request_, expected):
    """The key first, as everywhere; then method, action, model, account and rate."""
    assert status_and_body(fake.answer(request_)) == expected


@pytest.mark.parametrize(
    "target", ["/uploads?action=getPolicy&model=emoji-v1", "/api/v1/uploads/?model=emoji-v1&action=getPolicy"]
)
def test_every_model_and_spelling(fake, target):
    """Without the prefix, with a slash, and for any model of the family."""
    assert fake.answer(get(target)).status == 200


def test_neither_policy_nor_signature_is_in_the_journal(fake):
    """The outcome of a policy is done, not passed; it costs nothing, and the journal does not contain what makes it usable."""
    policy = json.loads(fake.answer(get()).body)["data"]
    (entry,) = fake.store.journal().entries
    assert (entry.outcome, entry.billed, entry.model) == ("done", False, "emoji-detect-v1")
    assert policy["policy"] not in entry.response_body
    assert policy["signature"] not in entry.response_body
    assert policy["upload_dir"] in entry.response_body
    ledger = fake.store.ledgers()["test"]
    assert (ledger.images, ledger.errors, ledger.done) == (0, 0, 1)
