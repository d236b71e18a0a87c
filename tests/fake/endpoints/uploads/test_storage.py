"""The storage: the answer to an upload, and how the picture is used later."""

import hmac
import json
import logging
import re
from base64 import b64decode, b64encode
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from helpers import body, call, fields_of, form, picture, policy_for, post, status_and_body, upload

from emoji_mock import Fake, Options
from emoji_mock.fake.endpoints.uploads.policy import sign

RESOLVE = {"x_dashscope_ossresourceresolve": "enable"}
PICTURE = picture()


def error(code, message):
    """An error of the storage, its id masked."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n  <Code>{code}</Code>\n  <Message>{message}</Message>\n'
        "  <RequestId>ID</RequestId>\n  <HostId>dashscope-file-mgr.oss-cn-beijing.aliyuncs.com</HostId>\n</Error>\n"
    )


def said(answer):
    """Return status and body of an answer of the storage, its id masked."""
    return answer.status, answer.body.decode().replace(dict(answer.headers)["x-oss-request-id"], "ID")


def detect(fake, url, model="emoji-detect-v1", **headers):
    """Return the answer of face-detect for an uploaded picture."""
    return fake.answer(call(body(url, model=model), **RESOLVE | headers))


def test_an_upload_gets_an_empty_200(fake):
    """Status 200 as requested, no body, the storage's headers, and those for browsers (CORS)."""
    answer = fake.answer(post(form(fields_of(policy_for(fake)), PICTURE)))
    assert (answer.status, answer.body) == (200, b"")
    headers = dict(answer.headers)
    assert headers["server"] == "AliyunOSS"
    assert headers["access-control-allow-origin"] == "*"
    assert "content-type" not in headers
    assert "x-request-id" not in headers


def test_the_signature_may_be_in_lower_case(fake):
    """`signature`, as the vendor's own page posts it, signs as `Signature` does; a wrong one is as wrong."""
    fields = fields_of(policy_for(fake))
    lower = {name.replace("Signature", "signature"): value for name, value in fields.items()}
    assert fake.answer(post(form(lower, PICTURE))).status == 200
    assert detect(fake, f"oss://{fields['key']}").status == 200
    refused = fake.answer(post(form({**lower, "key": fields["key"] + "2", "signature": "AAAA"}, PICTURE)))
    assert (refused.status, b"<Code>SignatureDoesNotMatch</Code>" in refused.body) == (403, True)
    assert [entry.namespace for entry in fake.store.journal().entries] == ["test", "test", "test", ""]


@pytest.mark.parametrize(("wanted", "status"), [("200", 200), ("201", 201), ("204", 204), (None, 204), ("302", 204)])
def test_success_action_status(fake, wanted, status):
    """200, 201 and 204 can be requested; the default is 204."""
    answer = fake.answer(post(form(fields_of(policy_for(fake), success_action_status=wanted), PICTURE)))
    assert answer.status == status
    assert (b"<Bucket>dashscope-file-mgr</Bucket>" in answer.body) is (status == 201)


def test_a_cors_preflight_is_allowed(fake):
    """The preflight needs no policy, and allows a POST from any page with any header."""
    answer = fake.answer(post(b"", method="OPTIONS"))
    headers = dict(answer.headers)
    assert (answer.status, answer.body) == (200, b"")
    assert headers["access-control-allow-origin"] == "*"
    assert headers["access-control-allow-methods"] == "POST"
    assert headers["access-control-allow-headers"] == "*"


def test_what_follows_the_file_is_ignored(fake):
    """Fields after the file do not count, as at OSS: neither a policy nor a second value."""
    fields = fields_of(policy_for(fake))
    file_first = form({}, PICTURE).removesuffix(b"--mark--\r\n") + form(fields)
    assert said(fake.answer(post(file_first))) == NO_RIGHT
    overruled = form(fields, PICTURE).removesuffix(b"--mark--\r\n") + form({"key": "elsewhere/me.png"})
    assert fake.answer(post(overruled)).status == 200


def test_a_full_disk_is_the_storages_internal_error(fake, monkeypatch):
    """A picture that cannot be stored gets OSS's 500 in XML."""

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fake.store, "keep_upload", full)
    answer = fake.answer(post(form(fields_of(policy_for(fake)), PICTURE)))
    assert said(answer) == (500, error("InternalError", "We encountered an internal error. Please try again."))
    assert dict(answer.headers)["content-type"] == "application/xml"


EXPIRED = 403, error("AccessDenied", "Invalid according to Policy: Policy expired.")
NO_RIGHT = 403, error("AccessDenied", "You have no right to access this object because of bucket acl.")
NO_SUCH_KEY_ID = 403, error("InvalidAccessKeyId", "The OSS Access Key Id you provided does not exist in our records.")
WRONG_SIGNATURE = (
    403,
    error(
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    ),
)
MALFORMED = 400, error("MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.")
FILES = 400, error("IncorrectNumberOfFilesInPOSTRequest", "POST requires exactly one file upload per request.")
TOO_LARGE = 400, error("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size.")
EXISTS = 409, error("FileAlreadyExists", "The object you specified already exists and can not be overwritten.")

CHANGES = [
    ({"policy": None}, NO_RIGHT),
    ({"Signature": None}, NO_RIGHT),
    ({"OSSAccessKeyId": None}, NO_RIGHT),
    ({"OSSAccessKeyId": "LTAI"}, NO_SUCH_KEY_ID),
    ({"Signature": "AAAA"}, WRONG_SIGNATURE),
    ({"Signature": "é"}, WRONG_SIGNATURE),
    ({"policy": "e30="}, WRONG_SIGNATURE),
]


@pytest.mark.parametrize(("changes", "expected"), CHANGES)
def test_a_wrong_field(fake, changes, expected):
    """Each missing or wrong field has its error in XML."""
    answer = fake.answer(post(form(fields_of(policy_for(fake), **changes), PICTURE)))
    assert said(answer) == expected
    assert dict(answer.headers)["content-type"] == "application/xml"


@pytest.mark.parametrize("key", [None, "", "me.png", "dashscope-instant/me.png"])
def test_a_key_outside_the_folder(fake, key):
    """The key begins with upload_dir; the message quotes the condition."""
    policy = policy_for(fake)
    condition = f'["starts-with", "$key", "{policy["upload_dir"]}"]'
    answer = fake.answer(post(form(fields_of(policy, key=key), PICTURE)))
    assert said(answer) == (
        403,
        error("AccessDenied", f"Invalid according to Policy: Policy Condition failed: {condition}"),
    )


GOOD = form({"a": "b"}, b"x")


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (post(b""), MALFORMED),
        (post(b"{}"), MALFORMED),
        (post(GOOD[:-4]), MALFORMED),
        (post(GOOD.replace(b"mark", b"other")), MALFORMED),
        (post(GOOD)._replace(headers=(("content-type", "multipart/form-data"),)), MALFORMED),
        (post(GOOD)._replace(headers=(("content-type", "multipart/form-data; boundary=" + "x" * 999),)), MALFORMED),
        (post(GOOD)._replace(headers=(("content-type", "application/json; boundary=mark"),)), MALFORMED),
        (post(form({str(number): "" for number in range(101)}, b"x")), MALFORMED),
        (post(GOOD.replace(b'"a"', b'"\xff"')), MALFORMED),
        (post(form({"a": "b"})), FILES),
        (post(form({"file": "b"}, b"x")), FILES),
        (post(form({"a": "b" * 65_537}, b"x")), TOO_LARGE),
        (post(b" " * 33_554_433), TOO_LARGE),
        (post(b"", method="GET"), NO_RIGHT),
        (post(b"", method="DELETE"), NO_RIGHT),
    ],
)
def test_a_bad_form(fake, request_, expected):
    """A body that is not a form, is cut, is too large, or has not exactly one file is refused."""
    request_ = request_._replace(target="https://dashscope-file-mgr.oss-cn-beijing.aliyuncs.com/")
    assert said(fake.answer(request_)) == expected


def test_a_field_that_is_not_utf_8(fake):
    """A form with a field that is not UTF-8 is malformed."""
    whole = form(fields_of(policy_for(fake)), PICTURE).replace(b"private", b"\xff")
    assert said(fake.answer(post(whole))) == MALFORMED


def test_a_policy_lasts_300_seconds(fake, clock):
    """A policy expires after 300 seconds by the clock."""
    policy = policy_for(fake)
    clock.now += 299.9
    assert fake.answer(post(form(fields_of(policy, name="a"), PICTURE))).status == 200
    clock.now += 0.1
    assert said(fake.answer(post(form(fields_of(policy, name="b"), PICTURE)))) == EXPIRED


def test_a_key_is_taken_once(fake):
    """A second upload under a key is refused, as the policy says, and the first one stays."""
    policy = policy_for(fake)
    twice = [fake.answer(post(form(fields_of(policy), PICTURE))) for _ in range(2)]
    assert twice[0].status == 200
    assert said(twice[1]) == EXISTS


@pytest.mark.parametrize(
    ("changes", "condition"),
    [
        ({"x_oss_object_acl": "public-read"}, '["eq", "$x-oss-object-acl", "private"]'),
        ({"x_oss_object_acl": None}, '["eq", "$x-oss-object-acl", "private"]'),
        ({"x_oss_forbid_overwrite": None}, '["eq", "$x-oss-forbid-overwrite", "true"]'),
    ],
)
def test_the_fields_of_the_policy_are_required(fake, changes, condition):
    """A missing or different field that the policy requires is an error."""
    answer = fake.answer(post(form(fields_of(policy_for(fake), **changes), PICTURE)))
    assert said(answer) == (
        403,
        error("AccessDenied", f"Invalid according to Policy: Policy Condition failed: {condition}"),
    )


def test_a_file_can_name_its_key(fake):
    """`${filename}` in the key is replaced by the file's name."""
    fields = fields_of(policy_for(fake), name="${filename}")
    assert fake.answer(post(form(fields, PICTURE, filename="ich.png"))).status == 200
    assert fake.store.upload(fields["key"].replace("${filename}", "ich.png")) is not None


KEY_TOO_LONG = 400, error("InvalidObjectName", "The Length of Object name must be less than 1024")


@pytest.mark.parametrize(
    ("name", "filename", "size"),
    [
        ("{}", "me.png", 1),
        ("{}é", "me.png", 2),
        ("{}${{filename}}", "x" * 100, 100),
        ("{}${{filename}}${{filename}}", "é" * 50, 200),
        ("{}${{filename}}", "", 0),
    ],
)
def test_a_key_has_at_most_1023_bytes(fake, name, filename, size):
    """OSS's limit counts bytes of UTF-8 after `${filename}` is replaced; one byte more is refused and not kept."""
    for more, expected in ((0, (200, "")), (1, KEY_TOO_LONG)):
        policy = policy_for(fake)
        pad = "k" * (1023 + more - len(policy["upload_dir"]) - 1 - (size if size != 1 else 0))
        fields = fields_of(policy, name=name.format(pad))
        assert said(fake.answer(post(form(fields, PICTURE, filename=filename)))) == expected


def test_a_key_is_not_built_before_it_is_measured(fake):
    """A form of 70 kB whose key would have 24 MB is refused in less memory than a hundredth of that key."""
    import tracemalloc

    policy = policy_for(fake)
    fields = fields_of(policy, name="${filename}" * 5_800)
    request = post(form(fields, b"x", filename="f" * 4_000))
    tracemalloc.start()
    try:
        assert said(fake.answer(request)) == KEY_TOO_LONG
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    entry = fake.store.journal().entries[-1]
    size = len(policy["upload_dir"]) + 1 + 5_800 * 4_000
    assert entry.request_body == f"a key of {size} bytes, file of 1 bytes"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"a": "b" * 65_535}, NO_RIGHT),
        ({"a": "b" * 65_536}, TOO_LARGE),
        ({"a" * 4_000 + str(number): "" for number in range(16)}, NO_RIGHT),
        ({"a" * 4_000 + str(number): "" for number in range(17)}, TOO_LARGE),
    ],
)
def test_the_fields_of_a_form_are_bounded_with_their_names(fake, fields, expected):
    """The fields before the file have at most 64 KiB together, names included."""
    assert said(fake.answer(post(form(fields, b"x")))) == expected


@pytest.mark.parametrize("header", [b"x: " + b"y" * 5_000, b"\r\n".join([b"x: y"] * 20)], ids=["long", "many"])
def test_the_headers_of_a_part_are_bounded(fake, header):
    """A part with a header over 4 kB, or with more than eight, is malformed."""
    assert said(fake.answer(post(GOOD.replace(b"\r\n\r\n", b"\r\n" + header + b"\r\n\r\n", 1)))) == MALFORMED


def test_the_picture_is_inspected(fake):
    """The boxes are inside the true size, and depend on the picture, not on its key."""
    small = picture("BMP", size=(400, 500))  # its bytes are the same whatever made them
    one, other = (json.loads(detect(fake, upload(fake, small)).body)["output"] for _ in range(2))
    assert one == other == {"bbox_face": [127, 155, 209, 237], "ext_bbox_face": [78, 101, 258, 281]}


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (picture("BMP"), 200, None),
        (picture("WEBP"), 200, None),
        (picture("JPEG"), 200, None),
        (picture(size=(399, 800)), 200, "InvalidFile.Resolution"),
        (picture(size=(7001, 400)), 200, "InvalidFile.Resolution"),
        (picture("GIF"), 400, "InvalidURL"),
        (b"", 400, "InvalidURL"),
        (b"hello", 400, "InvalidURL"),
        (PICTURE[:-100], 400, "InvalidParameter.DataInspection"),
        (PICTURE + b" " * 10_485_760, 400, "InvalidFile.Size"),
    ],
)
def test_face_detect_reports_what_is_wrong_with_the_picture(fake, data, status, code):
    """The storage takes any file; face-detect reports format, sides, size and broken files."""
    answer = detect(fake, upload(fake, data))
    document = json.loads(answer.body)
    assert (answer.status, document.get("output", document).get("code")) == (status, code)


def inspection(message):
    """An error of the data inspection."""
    return 400, f'{{"request_id":"ID","code":"InvalidParameter.DataInspection","message":"{message}"}}'


NO_DOWNLOAD = inspection("Unable to download the media resource during the data inspection process.")
BAD_MEDIA = inspection("The media format is not supported or incorrect for the data inspection.")


def test_a_picture_lasts_48_hours(fake, clock):
    """A picture expires after 48 hours by the clock."""
    url = upload(fake, PICTURE)
    clock.now += 48 * 3600 - 1
    assert detect(fake, url).status == 200
    clock.now += 1
    assert status_and_body(detect(fake, url)) == NO_DOWNLOAD


def test_a_picture_is_for_one_model(fake):
    """A picture uploaded for the video's model is not available to face-detect."""
    assert status_and_body(detect(fake, upload(fake, PICTURE, model="emoji-v1"))) == NO_DOWNLOAD


@pytest.mark.parametrize("header", [None, "disable"])
def test_the_resolve_header_is_needed(fake, header):
    """Without the header the vendor does not resolve an `oss://` URL."""
    answer = detect(fake, upload(fake, PICTURE), x_dashscope_ossresourceresolve=header)
    assert status_and_body(answer) == BAD_MEDIA


def test_another_key_of_the_account_may_use_it(fake):
    """The fake cannot know which keys belong to one account, so any key may use the picture."""
    assert detect(fake, upload(fake, PICTURE), authorization="Bearer sk-other").status == 200


def test_the_store_of_uploads_is_bounded():
    """The oldest picture is dropped when there is no more room."""
    fake = Fake(Options(upload_bytes=len(PICTURE) * 2))
    urls = [upload(fake, PICTURE) for _ in range(3)]
    assert [detect(fake, url).status for url in urls] == [400, 200, 200]


def test_a_picture_larger_than_the_store_leaves_the_others():
    """It is accepted and not kept, so a model cannot download it; other uploads stay."""
    fake = Fake(Options(upload_bytes=len(PICTURE)))
    mine, large = upload(fake, PICTURE), upload(fake, picture(size=(700, 900)))
    assert detect(fake, mine).status == 200
    assert detect(fake, large).status == 400


def test_a_reset_forgets_pictures(fake):
    """A reset forgets the pictures of its namespace, or all."""
    url = upload(fake, PICTURE)
    fake.store.reset("other")
    assert detect(fake, url).status == 200
    fake.store.reset("test")
    assert detect(fake, url).status == 400


def test_the_journal_shows_an_upload_without_its_secrets(fake):
    """The journal has namespace, key and length; never the policy, the signature or the picture."""
    policy = policy_for(fake)
    fake.answer(post(form(fields_of(policy), b"PICTURE")))
    fake.answer(post(form(fields_of(policy, OSSAccessKeyId="x"), b"PICTURE")))
    fake.answer(post(form(fields_of(policy), b"PICTURE")[:-9]))
    done, *refused = fake.store.journal().entries[1:]
    assert (done.namespace, done.model, done.outcome, done.status) == ("test", "emoji-detect-v1", "done", 200)
    assert done.request_body == f"key={policy['upload_dir']}/me.png, file 'me.png' of 7 bytes"
    assert [entry.code for entry in refused] == ["InvalidAccessKeyId", "MalformedPOSTRequest"]
    for entry in (done, *refused):
        assert not any(secret in repr(entry) for secret in (policy["policy"], policy["signature"], "PICTURE"))
    assert fake.store.ledgers()["test"].images == 0


def forged(**changes):
    """Return a policy in the fake's own format with some fields changed."""
    granted = json.loads(b64decode(policy_for(Fake())["policy"]))
    return b64encode(json.dumps({**granted, **changes}).encode()).decode()


@pytest.mark.parametrize(
    "policy",
    [
        "é",
        "a",
        "////",
        b64encode(b"{").decode(),
        b64encode(b"[" * 20_000).decode(),
        "e30=",
        forged(expiration="tomorrow"),
        forged(model="\x1b[2J"),
        forged(namespace="\x1b[2J"),
        forged(namespace=""),
    ],
    ids=range(10),
)
def test_a_signed_policy_that_was_not_granted_is_refused(fake, policy):
    """A policy that getPolicy cannot have made is refused like a wrong signature, without a namespace."""
    fields = fields_of(policy_for(fake), policy=policy, Signature=sign(policy, fake.options))
    assert said(fake.answer(post(form(fields, PICTURE)))) == WRONG_SIGNATURE
    assert fake.store.journal().entries[-1].namespace == ""


def test_a_policy_of_another_process_is_refused(fake):
    """The key of a process is its own, so that no other process and no page can sign; replicas may share one."""
    shared = Options(policy_key=b"0123456789abcdef")
    one, other = Fake(shared), Fake(shared)
    fields = fields_of(policy_for(one))
    assert said(fake.answer(post(form(fields, PICTURE)))) == WRONG_SIGNATURE
    assert other.answer(post(form(fields, PICTURE))).status == 200
    known = b64encode(hmac.digest(b"emoji-mock", fields["policy"].encode(), "sha1")).decode()
    for signature in (known, "", "=", "\u00e9", known[:-1]):
        answer = fake.answer(post(form(fields | {"Signature": signature}, PICTURE)))
        assert answer.status == 403
    assert b"0123456789" not in repr(shared).encode()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a]]>b&<c>", "a]]>b&<c>"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("cr\rcr", "cr\rcr"),
        ("nul\0\x1b\x08", "nul\ufffd\ufffd\ufffd"),
        ("\ufffe\uffff", "\ufffd\ufffd"),
        ("\U0001f600 \u202e", "\U0001f600 \u202e"),
        ("{host}", "{host}"),
    ],
)
def test_the_answer_201_is_well_formed_whatever_the_key_is(fake, name, kept):
    """A parser reads the key again; what XML cannot hold is U+FFFD. The location is a URL of this server."""
    granted = policy_for(fake, host="localhost:8000")
    fields = fields_of(granted, name=name, success_action_status="201")
    answer = fake.answer(post(form(fields, PICTURE), host="localhost:8000", target="/dashscope-file-mgr"))
    document = ET.fromstring(answer.body)  # noqa: S314 - our own answer
    assert document.findtext("Key") == f"{granted['upload_dir']}/{kept}"
    location = document.findtext("Location")
    assert unquote(location) == f"http://localhost:8000/dashscope-file-mgr/{fields['key']}"
    assert re.fullmatch(r"[!-~]+", location)


def test_bad_forms_write_nothing(fake, capfd, monkeypatch):
    """No handler is configured in most programs, so that Python prints the warnings of every library on stderr."""
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    for content in (b"junk", b"--mark\r\nbad header\r\n\r\n", b"--mark\r\n: x\r\n\r\nx\r\n--mark--", b"--mark-x", b""):
        assert fake.answer(post(content)).status == 400
    assert capfd.readouterr() == ("", "")
