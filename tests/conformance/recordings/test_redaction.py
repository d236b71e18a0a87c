"""Redaction removes a secret at any place and in any spelling."""

import time

import pytest

from emoji_mock.conformance.recordings.redaction import Redactor

KEY = "sk-0123456789abcdef0123456789abcdef"
ODD = "my/secret+key="

SECRETS = {
    "a key": (f"key {KEY}.", "0123456789abcdef"),
    "a key, percent-encoded": (f"x=sk%2D{KEY[3:]}&y", "0123456789abcdef"),
    "a key, escaped": (f'{{"k":"sk\\u002d{KEY[3:]}"}}', "0123456789abcdef"),
    "a key of another kind": ("Authorization: Bearer abcdefghijkl", "abcdefghijkl"),
    "basic": ("Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
    "an access key id": ('{"a":"LTAI5tQwErTyUiOpAsDf"}', "LTAI5t"),
    "a token of STS": ("STS.NUxxYYzzAAbb", "NUxxYYzz"),
    "another token of STS": ('{"stsX":"CAISabcd/EFGH+ij=="}', "EFGH"),
    "a signed URL": ("see https://b.oss-cn-beijing.aliyuncs.com/me.png?OSSAccessKeyId=abc&Signature=def%3D now", "Signature=def"),
    "a signed URL in JSON": ('{"u":"https:\\/\\/b.oss.com\\/me.png?Expires=1&Signature=zzz"}', "zzz"),
    "a signed URL, percent-encoded": ("u=https%3A%2F%2Fb.oss.com%2Fme.png%3FSignature%3Dzzz", "zzz"),
    "a user in a URL": ("https://me:pass@example.com/x", "me:pass"),
    "a lone signature": ("Signature=abcdef&b=1", "abcdef"),
    "an account's field": ('{"caller_uid":"17","api_key_id":42,"policy":"eyJ"}', "eyJ"),
    "an account's number field": ('{"api_key_id": 4242 }', "4242"),
    "an account number": ("account 1234567890123456 is in arrears", "1234567890123456"),
    "a workspace": ("https://llm-abcdefgh12.cn-beijing.maas.aliyuncs.com/api", "abcdefgh12"),
    "a known secret": (f"the {ODD} of", "my/secret"),
    "a known secret, percent-encoded": ("x=my%2Fsecret%2Bkey%3D", "my%2Fsecret"),
    "a known secret, escaped": ('{"x":"my\\/secret+key="}', "secret+key"),
    "fields by the end of their names": ('{"securityToken":"SEC1","x_session":"SEC2","tenantId":"SEC3","Owner":["SEC4"],"db.password":"SEC5"}', "SEC"),
    "a field's whole object": ('{"policy":{"deep":{"a":"}SEC","b":[1,"SEC"]},"c":"SEC"},"code":"x"}', "SEC"),
    "a field that holds quotes": (r'{"token":"a\"SEC","code":"x"}', "SEC"),
    "a field of JSON in a string": (r'{"d":"{\"callerUid\":\"a\\\"SEC\",\"x\":1}"}', "SEC"),
    "a field of JSON two strings deep": (r'{"d":"{\"e\":\"{\\\"apiKey\\\": \\\"SEC\\\"}\"}"}', "SEC"),
    "a field that is cut off": ('{"secret":"abc SEC def', "SEC"),
    "a field in single quotes": ("{'access_token': 'SEC'}", "SEC"),
    "elements of XML": ("<Error><OSSAccessKeyId>SEC</OSSAccessKeyId><SignatureProvided>SEC=</SignatureProvided><Code>x</Code>", "SEC"),
    "an element with elements": ("<a></a><BucketOwner id='1'><ID>SEC</ID><Name>SEC</Name></BucketOwner>", "SEC"),
    "an element with more than text": ("<sts:SecurityToken><![CDATA[SEC]]></sts:SecurityToken><StringToSign>GET\nSEC\n</StringToSign>", "SEC"),
    "an element that is cut off": ("<Error><Code>x</Code><SecurityToken>abc SEC", "SEC"),
    "any scheme with a user": ("ftp://me:SEC@example.com/x wss%3A%2F%2Fme:SEC@example.com", "SEC"),
    "any scheme with a query": ("wss://example.com/x?t=SEC", "SEC"),
    "a relative query": ("see /me.png?token=SEC&x=1", "SEC"),
    "a fragment": ("https://example.com/cb#access_token=SEC&x=1", "SEC"),
    "a query without a scheme": ("//b.oss-cn-beijing.aliyuncs.com/me.png?Expires=1&Signature=SEC%3D", "SEC"),
    "a parameter of a path": ("/me.png;sig=SEC", "SEC"),
    "a pair in JSON": (r'{"q":"Signature=ab\/SEC\u0026x=1"}', "SEC"),
    "a cookie": ("JSESSION=SEC; Path=/", "SEC"),
    "a header in text": ("x-acs-security-token: SEC", "SEC"),
    "a JWT": ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJTRUMifQ.c2lnU0VD", "c2lnU0VD"),
    "a name of RAM": ("acs:ram::17:user/SEC is not authorized", "SEC"),
    "a key behind a long text": ("x" * 20_000 + KEY, "0123456789abcdef"),
    "a key at the end of the searched text": ("x" * (16 * 1024 - 10) + KEY, "0123456"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "secret"), SECRETS.values(), ids=SECRETS)
def test_no_secret_is_left(text, secret):
    """No part of the secret remains."""
    assert secret in text
    assert secret not in Redactor({ODD: "<mine>"}).text(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"output":{"bbox_face":[212,194,460,441],"ext_bbox_face":[63,30,609,575]},"usage":{"image_count":1},"request_id":"33da8e6b-1309-9a44-be83-352165959608"}',
        '{"code":"InvalidApiKey","message":"Invalid API-key provided.","request_id":"33da8e6b-1309-9a44-be83-352165959608"}',
        "Exceeded limit on max bytes to request body : 6291456",
        "sk-mock-arrears",
        "Bearer <key>",
        "1795366800000",
        "https://help.aliyun.com/zh/model-studio/error-code#overdue-payment",
        "https://emoji-mock.test/failed/InvalidFile.FacePose.png",
        "{" + " " * 100_000,
        '{"output":{"task_id":"8d820c8d-0000-4000-8000-000000000000","task_status":"UNKNOWN"},"request_id":"33da8e6b-1309-9a44-be83-352165959608"}',
        "<Error><Code>AccessDenied</Code><Message>Invalid according to Policy: Policy expired.</Message><RequestId>67A1B2C3D4E5F60718293A4B</RequestId></Error>",
        'name="policy"\r\n\r\n<policy>\r\n--mark',
        "Access to model denied. See https://example.com/a#token and user=me",
    ],
    ids=range(14),
)
def test_other_text_is_unchanged(text):
    """The vendor's messages, numbers and times, and mock keys, are not changed."""
    assert Redactor().text(text) == text


def test_the_value_of_an_unknown_header_is_redacted():
    """Of cookies and unknown headers only the name stays; framing headers are dropped."""
    given = (
        ("Content-Type", "application/json"),
        ("Set-Cookie", "session=abc"),
        ("X-Acs-Account", "1"),
        ("Content-Length", "5"),
        ("Authorization", f"Bearer {KEY}"),
        ("X-RateLimit-Limit", "1"),
    )
    assert Redactor({KEY: "<key>"}).headers(given) == (
        ("content-type", "application/json"),
        ("set-cookie", "<redacted>"),
        ("x-acs-account", "<redacted>"),
        ("authorization", "Bearer <key>"),
        ("x-ratelimit-limit", "1"),
    )


@pytest.mark.parametrize("text", ["https://" * 200_000, "sk-" * 500_000, '"uid":' * 200_000, "a@" * 500_000, "\\" * 500_000, "<uid>" * 200_000 + "</", '"uid":[' * 200_000, '\\"uid\\":\\\\"' * 99_999, "uid=\\" * 200_000, "a+." * 300_000, "eyJaaaa." * 99_999, "acs:" * 200_000, "token" * 200_000])  # fmt: skip
def test_redaction_takes_linear_time(text):
    """A large, repetitive text is redacted in less than two seconds."""
    start = time.process_time()
    Redactor({KEY: "<key>"}).text(text)
    assert time.process_time() - start < 2


def test_a_request_id_of_the_storage_is_not_an_account():
    """Digits in a hexadecimal id stay; an account number beside lower-case letters is redacted."""
    assert Redactor().text("012345678901234FAFB3E3B6") == "012345678901234FAFB3E3B6"
    assert Redactor().text("uid1234567890123456, 1234567890123456") == "uid<account>, <account>"
