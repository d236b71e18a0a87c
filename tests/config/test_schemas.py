"""The JSON Schemas of our files take what our reader takes, and refuse what it refuses."""

import json
import tomllib
from datetime import date, datetime, time
from functools import cache

import msgspec
import pytest
from hypothesis import given, settings, strategies

from emoji_mock.cli.main import main
from emoji_mock.config import file, scenarios
from emoji_mock.config.schemas import config_schema, scenario_schema
from emoji_mock.config.toml_file import FileError
from emoji_mock.contract.endpoint import EndpointName
from emoji_mock.fake.rules.scenario import Scenario

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema comes with the extra `test`")

RULE = "description = 'x'\n[[rules]]\n"


@cache
def validator(make):
    """Return the validator of a schema that `make` returns."""
    return jsonschema.Draft202012Validator(make())


def taken_by_schema(make, text):
    """Return whether the schema that `make` returns takes a TOML file; as in editors, a date is text."""
    document = tomllib.loads(text)
    plain = json.loads(
        json.dumps(document, default=lambda one: one.isoformat() if isinstance(one, (date, datetime, time)) else None)
    )
    return validator(make).is_valid(plain)


def taken_by_reader(load, path, text):
    """Return whether our reader takes a file."""
    path.write_text(text, "utf-8")
    try:
        load(path)
    except FileError:
        return False
    return True


def test_the_schemas_are_schemas():
    """Both are valid by their own dialect."""
    for schema in (scenario_schema(), config_schema()):
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", scenarios.shipped())
def test_the_shipped_scenarios_are_valid(name):
    """The schema takes each scenario that is shipped."""
    assert taken_by_schema(scenario_schema, scenarios.shipped()[name].read_text("utf-8"))


GOOD_SCENARIOS = (
    "description = 'nothing'",
    "name = 'mine'\ndescription = 'x'\nseed = 7\nlatency = 0.3\n[limits]\nrps = 1\nspend = 0.8\ndocumented = true",
    "description = 'x'\nlatency = {lognormal = [0.2, 0.5]}",
    RULE + "outcome = 'passed'\nface = [10, 10, 90, 90]\nimage_size = [640, 800]",
    RULE + "outcome = 'failed'\ncode = 'FacePose'\nimage_url = '*/blurred/*'\ntimes = 2",
    RULE + "outcome = 'failed'\ncode = 'InvalidFile.FacePose'\nmodel = 'emo-detect-v1'",
    RULE + "outcome = 'failed'\ncode = 's2v-no-human'\nmodel = 'wan2.2-s2v-detect'",
    RULE + "outcome = 'failed'\ncode = 'InternalError.Algo'\nendpoint = 'video_synthesis'",
    RULE + "outcome = 'failed'\ncode = 'InternalError.Algo'\nmodel = 'emoji-v1'",
    RULE + "outcome = 'error'\ncode = 'RateQuota'\nretry_after = 3\nchance = 0.5\nkey = 'sk-mock-me'",
    RULE + "outcome = 'error'\ncode = 'no-api-key'",
    RULE + "outcome = 'error'\ncode = 'policy-expired'\nendpoint = 'storage'",
    RULE + "outcome = 'error'\ncode = 'InternalError'\nendpoint = 'video'",
    RULE + "fault = 'stall'\nseconds = 90\nendpoint = 'task'",
    RULE + "fault = 'truncated_body'\nendpoint = 'storage'",
    RULE + "latency = {recorded = [0.1, 0.2]}",
)
BAD_SCENARIOS = {
    "without a description": "[[rules]]\nfault = 'reset'",
    "an empty description": "description = ''",
    "a description of two lines": "description = 'a\\nb'".replace("'", '"'),
    "a name with a blank": "name = 'two words'\ndescription = 'x'",
    "an unknown key": "description = 'x'\nlatncy = 1",
    "a seed that is text": "description = 'x'\nseed = '7'",
    "a latency that is negative": "description = 'x'\nlatency = -1",
    "a latency over an hour": "description = 'x'\nlatency = 3601",
    "a latency of two kinds": "description = 'x'\nlatency = {constant = 1, normal = [1, 2]}",
    "a latency of no kind": "description = 'x'\nlatency = {}",
    "a distribution with one number": "description = 'x'\nlatency = {uniform = [1]}",
    "an unknown distribution": "description = 'x'\nlatency = {gaussian = [1, 2]}",
    "no waits at all": "description = 'x'\nlatency = {recorded = []}",
    "a limit of zero": "description = 'x'\n[limits]\nrps = 0",
    "an unknown limit": "description = 'x'\n[limits]\nrpz = 1",
    "rules that are no list": "description = 'x'\nrules = 1",
    "a rule of nothing": RULE + "times = 1",
    "a rule with an unknown key": RULE + "fault = 'reset'\ntmes = 1",
    "an unknown outcome": RULE + "outcome = 'fail'",
    "an outcome that no rule has": RULE + "outcome = 'done'",
    "an unknown code": RULE + "outcome = 'failed'\ncode = 'FacePoze'",
    "a code of another outcome": RULE + "outcome = 'failed'\ncode = 'RateQuota'",
    "a failed rule without a code": RULE + "outcome = 'failed'",
    "an error without a code": RULE + "outcome = 'error'",
    "a code with passed": RULE + "outcome = 'passed'\ncode = 'FacePose'",
    "a code alone": RULE + "code = 'FacePose'\nlatency = 1",
    "an outcome and a fault": RULE + "outcome = 'passed'\nfault = 'reset'",
    "an unknown fault": RULE + "fault = 'hang'",
    "seconds with a fault that does not last": RULE + "fault = 'reset'\nseconds = 1",
    "no seconds": RULE + "fault = 'stall'\nseconds = 0",
    "Retry-After with failed": RULE + "outcome = 'failed'\ncode = 'FacePose'\nretry_after = 1",
    "Retry-After of half a second": RULE + "outcome = 'error'\ncode = 'RateQuota'\nretry_after = 0.5",
    "a chance of zero": RULE + "fault = 'reset'\nchance = 0",
    "a chance over one": RULE + "fault = 'reset'\nchance = 1.5",
    "no times": RULE + "fault = 'reset'\ntimes = 0",
    "an unknown endpoint": RULE + "fault = 'reset'\nendpoint = 'upload'",
    "a face with failed": RULE + "outcome = 'failed'\ncode = 'FacePose'\nface = [1, 1, 9, 9]",
    "a face of two numbers": RULE + "outcome = 'passed'\nface = [1, 2]",
    "a size with a fault": RULE + "fault = 'reset'\nimage_size = [640, 800]",
    "passed where nothing is detected": RULE + "outcome = 'passed'\nendpoint = 'task'",
    "a code of detections at the storage": RULE + "outcome = 'error'\ncode = 'RateQuota'\nendpoint = 'storage'",
    "a code of the storage at detections": RULE + "outcome = 'error'\ncode = 'policy-expired'",
    "a code of tasks at a detection": RULE + "outcome = 'failed'\ncode = 'InternalError.Algo'",
    "a picture at an endpoint without one": RULE + "fault = 'reset'\nendpoint = 'tasks'\nimage_url = '*'",
    "a key at an endpoint without one": RULE + "fault = 'reset'\nendpoint = 'storage'\nkey = 'sk-mock-me'",
    "cut JSON where there is none": RULE + "fault = 'malformed_json'\nendpoint = 'video'",
}  # fmt: skip


@pytest.mark.parametrize("text", GOOD_SCENARIOS)
def test_a_good_scenario_is_taken_by_both(text, tmp_path):
    """What the reader takes, the schema takes."""
    assert taken_by_reader(scenarios.load, tmp_path / "mine.toml", text)
    assert taken_by_schema(scenario_schema, text)


@pytest.mark.parametrize("text", BAD_SCENARIOS.values(), ids=BAD_SCENARIOS)
def test_a_bad_scenario_is_refused_by_both(text, tmp_path):
    """What the reader refuses, the schema refuses."""
    assert not taken_by_reader(scenarios.load, tmp_path / "mine.toml", text)
    assert not taken_by_schema(scenario_schema, text)


GOOD_CONFIGS = (
    "",
    "port = 8001\nseed = 7\nallow_host = ['mock']\nmetrics = true\ntime_scale = 0.5",
    "scenario = 'flaky-monday'\nas_of = 2026-10-10\nlatency = 0.2\neyes = true",
    "as_of = '2026-10-09T16:00Z'\n[eyes]\nroll = 25",
    "[limits]\nrps = 1\n[[rules]]\noutcome = 'failed'\ncode = 'Value'",
)
BAD_CONFIGS = {
    "a port that is too large": "port = 70000",
    "a port that is text": "port = '8000'",
    "an unknown status": "failed_as = 404",
    "an unknown key": "prot = 1",
    "a flag that is no key": "config = 'mock.toml'",
    "a switch that is a number": "verbose = 1",
    "a host that is no list": "allow_host = 'mock'",
    "too many workers": "workers = 65",
    "a time scale that is negative": "time_scale = -1",
    "an unknown threshold": "[eyes]\nrol = 25",
    "a threshold that is too large": "[eyes]\nroll = 181",
    "a day that is no date": "as_of = 'tomorrow'",
    "a month that there is not": "as_of = '2026-13-10'",
    "a day with three digits": "as_of = '2026-10-100'",
    "a rule of nothing": "[[rules]]\ntimes = 1",
    "a code that is misspelt": "[[rules]]\noutcome = 'failed'\ncode = 'FacePoze'",
}


@pytest.mark.parametrize("text", GOOD_CONFIGS)
def test_a_good_configuration_is_taken_by_both(text, tmp_path):
    """What `serve --config` takes, the schema takes."""
    assert taken_by_reader(file.load, tmp_path / "mock.toml", text)
    assert taken_by_schema(config_schema, text)


@pytest.mark.parametrize("text", BAD_CONFIGS.values(), ids=BAD_CONFIGS)
def test_a_bad_configuration_is_refused_by_both(text, tmp_path):
    """What `serve --config` refuses, the schema refuses."""
    assert not taken_by_reader(file.load, tmp_path / "mock.toml", text)
    assert not taken_by_schema(config_schema, text)


def test_the_command_prints_the_schemas(capsys):
    """`scenario schema` prints that of scenarios, with `--config` that of configurations."""
    assert main(["scenario", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(scenario_schema()))
    assert main(["scenario", "schema", "--config"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(config_schema()))


VALUES = {
    "outcome": ["passed", "failed", "error", "done", "x"],
    "code": ["FacePose", "RateQuota", "InternalError", "InternalError.Algo", "no-api-key", "policy-expired", "link-expired",
             "AccessDenied", "s2v-no-human", "Ratio", "Size", "Timeout", "DataInspection", "Template.Content", "nope"],
    "fault": ["reset", "stall", "drip", "malformed_json", "nope"],
    "seconds": [1, 0, 90.5, 4000, "1"],
    "latency": [0, 0.5, -1, {"uniform": [1, 2]}, {}, {"constant": 1}, "x"],
    "retry_after": [0, 3, -1, 1.5, 90_000],
    "chance": [0.5, 0, 1, 2],
    "times": [1, 0, 3, 1.5],
    "endpoint": [*EndpointName, "nope"],
    "image_url": ["*/me.png"],
    "key": ["sk-mock-me"],
    "face": [[1, 1, 9, 9], [1, 2]],
    "image_size": [[640, 800], [1]],
}  # fmt: skip
"""For each field of a rule some values, good and bad."""
DECIDED = {"outcome": ["failed", "error"], "code": VALUES["code"]}


@given(strategies.randoms(use_true_random=False), strategies.booleans())
@settings(max_examples=500, deadline=None)
def test_any_rule_is_judged_alike(random, is_decided):
    """Whatever fields a rule has, reader and schema agree on it, but for its model."""
    names = random.sample(list(VALUES), random.randint(1, 4))
    rule = {name: random.choice(VALUES[name]) for name in names}
    if is_decided:
        rule |= {name: random.choice(values) for name, values in DECIDED.items()}
    document = {"description": "x", "rules": [rule]}
    try:
        msgspec.convert(document, Scenario)
        taken = True
    except msgspec.ValidationError:
        taken = False
    assert validator(scenario_schema).is_valid(document) == taken
