"""`emoji-mock catalogue` and `explain`: the models, and the rows of a model's own."""

import json
import re

import pytest
from command import run_command

from emoji_mock.contract.models import MODELS


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_catalogue_lists_every_model(columns):
    """Its fate, prices by tier, rate, tasks at a time, free quota and pictures, at any width, without a cut name."""
    shown = run_command("catalogue", "--models", COLUMNS=str(columns)).stdout
    assert max(map(len, shown.splitlines())) <= columns
    assert all(re.search(rf"^ *{re.escape(name)} ", shown, re.MULTILINE) for name in MODELS)
    assert shown.count("2026-10-10 D") == 9
    assert shown.count("alive I") == 3
    for text in ("→ wan2.7-r2v", "0.5/s (480P)", "0.9/s (720P)", "0.004/image", "1 running", "100 s free", "200 free"):
        assert text in shown
    assert "prices of emoji-detect-v1, emoji-v1, videoretalk by a copy" in " ".join(shown.split())


def test_catalogue_counts_its_rows_by_provenance():
    """At the end; each row is counted once."""
    last = " ".join(run_command("catalogue", COLUMNS="120").stdout.split("one code.")[1].split())
    counts = [int(number) for number in re.findall(r"\d+", last)]
    assert counts[0] == sum(counts[1:]) == 97
    assert "documented and observed" in last


def test_models_as_json():
    """For programs: price, quota, rate, limits and fate of each."""
    models = {model["name"]: model for model in json.loads(run_command("catalogue", "--models", "--json").stdout)}
    assert list(models) == list(MODELS)
    assert models["wan2.2-s2v"] == {
        "name": "wan2.2-s2v",
        "title": "Wan 2.2 speech-to-video",
        "path": "/api/v1/services/aigc/image2video/video-synthesis",
        "retired": "",
        "replacement": "",
        "fate_known": ["inferred"],
        "prices": {"480P": 0.5, "720P": 0.9},
        "unit": "second",
        "free": 100,
        "rps": 5,
        "running": 1,
        "terms_known": ["documented"],
        "terms_note": "",
        "pictures": {
            "formats": ["JPEG", "PNG", "BMP", "WEBP"], "longest": 10485760, "sides": [400, 7000], "aspect": None,
        },
    }  # fmt: skip
    gone = models["animate-anyone-detect-gen2"]
    assert (gone["retired"], gone["replacement"], gone["fate_known"]) == (
        "2026-10-10",
        "qwen-image-2.0",
        ["documented"],
    )


def test_explain_shows_a_models_own_row_in_its_words():
    """Its key order, that HTTP 400 is not billed, and how to provoke it."""
    shown = run_command("explain", "s2v-no-human", COLUMNS="200").stdout
    for text in (
        "HTTP 400, failed, not billed",
        '{"code":"InvalidFile.NoHuman","message":"The input image has no human body. Please upload other image with',
        "image_url https://emoji-mock.test/failed/s2v-no-human.png with wan2.2-s2v-detect",
        'a rule: {"outcome":"failed","code":"s2v-no-human","model":"wan2.2-s2v-detect"}',
    ):
        assert text in shown
    assert '{"output":{"check_pass":false,"code":"","message":""},' in run_command("explain", "s2v-not-passed").stdout


def test_explain_shows_a_model():
    """Its name gives its line of the catalogue, and no other model's."""
    shown = run_command("explain", "wan2.2-s2v-detect", COLUMNS="120").stdout
    assert "wan2.2-s2v-detect" in shown
    assert "0.004/image" in shown
    assert "liveportrait" not in shown


def test_explain_shows_a_fault():
    """What happens, whether the call is billed, and how to provoke it."""
    shown = run_command("explain", "drip", COLUMNS="120").stdout
    assert [line.strip() for line in shown.splitlines()] == [
        "drip",
        "Fault    the whole answer, its body in twenty pieces over `seconds`. `seconds` is 5 unless a rule sets it.",
        "Bill     billed, as the service had answered (inferred)",
        'Provoke  emoji_api.faults("drip", times=1)',
        "emoji-mock serve --fault drip",
        'a rule: {"fault":"drip","times":1}',
    ]


def test_explain_shows_a_finding():
    """Its severity, how it is recognised, what to do instead, and how to leave it out."""
    shown = run_command("explain", "ignored-retry-after", COLUMNS="120").stdout
    assert [line.strip() for line in shown.splitlines()] == [
        "ignored-retry-after",
        "Finding  wrong; it always counts",
        "When     The next attempt came more than 0.05 s before the end of `Retry-After`.",
        "Instead  Wait as long as Retry-After asks before the next attempt, or give up.",
        'Ignore   emoji_api.assert_resilient(ignore=["ignored-retry-after"])',
        "emoji-mock report --ignore ignored-retry-after",
    ]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("gaveup", "unknown fault or finding 'gaveup'; did you mean gave-up?"),
        ("rest", "unknown fault or finding 'rest'; did you mean reset?"),
        ("FacPose", "unknown code 'FacPose'; did you mean FacePose, FullFace or InvalidFile.FacePose?"),
        ("facpose", "unknown code 'facpose'; did you mean FacePose, FullFace or InvalidFile.FacePose?"),
    ],
)
def test_explain_knows_the_nearest_code_fault_or_finding(given, problem):
    """What is misspelt gets the right name, of whichever kind the nearest is."""
    done = run_command("explain", given)
    assert (done.returncode, done.stderr) == (1, f"emoji-mock explain: {problem}\n")
