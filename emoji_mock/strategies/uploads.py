"""Uploads to the storage, by a policy that getPolicy has granted, and mistaken ones with what they are answered."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from emoji_mock.conformance.cases.case import STORAGE, Case, Filled
from emoji_mock.conformance.cases.png import png
from emoji_mock.conformance.cases.uploads import UPLOAD_CASES, form
from emoji_mock.contract.exchange import Request
from emoji_mock.contract.geometry import Size
from emoji_mock.strategies.requests import Mistake, promised, refusal

_NAMES = st.text("abcdefghijklmnopqrstuvwxyz019-_.é图", min_size=1, max_size=12).map("{}.png".format)
_BOUNDARIES = st.sampled_from(("boundary", "----WebKitFormBoundary7MA4YWxkTrZu0gW", "=_mark.1"))
_PICTURES = st.sampled_from((Size(400, 400), Size(400, 900), Size(640, 800))).map(png)
_MISTAKES = tuple(
    case for case in UPLOAD_CASES if case.path == STORAGE and refusal(case) and len(case.before) == 1 and not case.waits
)


@st.composite
def valid_uploads(
    draw: st.DrawFn, granted: Mapping[str, Any], pictures: st.SearchStrategy[bytes] = _PICTURES
) -> Request:
    """Draw uploads that are stored, under any name; `granted` is the `data` of getPolicy's answer.

    The target is `upload_host` itself, in absolute form. Fields come in any order, the file last.
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
    body = form(ordered, draw(pictures), filename, boundary)
    return Request("POST", granted["upload_host"], (("content-type", content),), body)


@st.composite
def invalid_uploads(draw: st.DrawFn, granted: Mapping[str, Any]) -> Mistake:
    """Draw uploads that are refused, each with its answer in XML; `granted` is the `data` of getPolicy's answer."""
    case: Case = draw(st.sampled_from(_MISTAKES))
    learned = {word: granted[place.removeprefix("data.")] for word, place in case.before[0].learns.items()}
    filled = Filled(key="sk-mock-0", bad_key="sk-mock-invalid", picture="", learned=learned)
    return Mistake(case.request(filled), promised(case, filled))
