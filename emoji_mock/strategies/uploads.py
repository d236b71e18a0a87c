"""Uploads with a policy from getPolicy, and invalid uploads with the answer that the contract promises."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from emoji_mock.conformance.cases.payloads import black_png, upload_form
from emoji_mock.conformance.cases.placeholders import UPLOAD_HOST, Bindings
from emoji_mock.conformance.cases.uploads.storage import UPLOAD_CASES
from emoji_mock.contract.exchange import Request
from emoji_mock.contract.geometry import Size
from emoji_mock.strategies.requests import Mistake, expected_error, promised_answer

if TYPE_CHECKING:
    from emoji_mock.conformance.cases.case import Case

_NAMES = st.text("abcdefghijklmnopqrstuvwxyz019-_.é图", min_size=1, max_size=12).map("{}.png".format)
_BOUNDARIES = st.sampled_from(("boundary", "----WebKitFormBoundary7MA4YWxkTrZu0gW", "=_mark.1"))
_PICTURES = st.sampled_from((Size(400, 400), Size(400, 900), Size(640, 800))).map(black_png)
_MISTAKES = tuple(
    case
    for case in UPLOAD_CASES
    if case.path == UPLOAD_HOST and expected_error(case) and len(case.setup) == 1 and not case.wait_seconds
)


@st.composite
def valid_uploads(
    draw: st.DrawFn, granted: Mapping[str, Any], pictures: st.SearchStrategy[bytes] = _PICTURES
) -> Request:
    """Draw valid uploads under any name; `granted` is the `data` of getPolicy's answer.

    The target is `upload_host` in absolute form. The order of the fields varies; the file is always last.
    """
    filename, boundary = draw(_NAMES), draw(_BOUNDARIES)
    fields = {
        "OSSAccessKeyId": granted["oss_access_key_id"],
        "Signature": granted["signature"],
        "policy": granted["policy"],
        "key": f"{granted['upload_dir']}/{filename}",
        "x-oss-object-acl": granted["x_oss_object_acl"],
        "x-oss-forbid-overwrite": granted["x_oss_forbid_overwrite"],
        "success_action_status": "200",
    }
    if draw(st.booleans()):
        fields["x-oss-content-type"] = "image/png"  # the official SDK sends it
    ordered = dict(draw(st.permutations(list(fields.items()))))
    content = f'multipart/form-data; boundary="{boundary}"'
    body = upload_form(ordered, draw(pictures), filename, boundary)
    return Request("POST", granted["upload_host"], (("content-type", content),), body)


@st.composite
def invalid_uploads(draw: st.DrawFn, granted: Mapping[str, Any]) -> Mistake:
    """Draw invalid uploads, each with its XML answer; `granted` is the `data` of getPolicy's answer."""
    case: Case = draw(st.sampled_from(_MISTAKES))
    captured = {name: granted[place.removeprefix("data.")] for name, place in case.setup[0].captures.items()}
    bindings = Bindings(key="sk-mock-0", bad_key="sk-mock-invalid", picture="", captured=captured)
    return Mistake(case.request(bindings), promised_answer(case, bindings))
