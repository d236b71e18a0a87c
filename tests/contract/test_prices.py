"""Prices, quotas and rates of each model, as the vendor documents them."""

from decimal import Decimal

import pytest

from emoji_mock.contract.endpoint import TASK_QPS
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.model import Result
from emoji_mock.contract.models import DETECTION_MODELS, IMAGE_PRICE, MODELS, TASK_MODELS

TERMS = {
    "emoji-detect-v1": ({"": "0.004"}, 200, 1, None),
    "emo-detect-v1": ({"": "0.004"}, 200, 5, None),
    "wan2.2-s2v-detect": ({"": "0.004"}, 200, 5, None),
    "liveportrait-detect": ({"": "0.004"}, 200, 5, None),
    "animate-anyone-detect-gen2": ({"": "0.004"}, 200, 5, None),
    "emoji-v1": ({"": "0.08"}, 500, 1, 1),
    "emo-v1": ({"1:1": "0.08", "3:4": "0.16"}, 1800, 5, 1),
    "wan2.2-s2v": ({"480P": "0.5", "720P": "0.9"}, 100, 5, 1),
    "liveportrait": ({"": "0.02"}, 1800, 5, 1),
    "animate-anyone-gen2": ({"": "0.08"}, 1800, 5, 1),
    "animate-anyone-template-gen2": ({"": "0.08"}, 1800, 5, 1),
    "videoretalk": ({"": "0.08"}, 1800, 1, 1),
}


@pytest.mark.parametrize("name", TERMS)
def test_each_model_has_its_terms(name):
    """Prices by tier, the free quota, calls a second, tasks at a time."""
    model = MODELS[name]
    prices = {tier: str(price) for tier, price in model.prices.items()}
    assert (prices, model.free, model.rps, model.running) == TERMS[name]


def test_every_model_has_terms_and_all_images_cost_the_same():
    """A ledger counts images of all models together."""
    assert set(TERMS) == set(MODELS)
    assert {model.price for model in DETECTION_MODELS} == {IMAGE_PRICE} == {Decimal("0.004")}
    assert TASK_QPS == 20


@pytest.mark.parametrize("model", TASK_MODELS, ids=lambda model: model.name)
def test_the_seconds_that_are_billed_are_those_of_the_usage(model):
    """A task's usage says them; emoji-v1 counts whole ones."""
    tier = next(iter(model.prices))
    made = Result(4.37, tier, Size(512, 512))
    assert model.billed_seconds(made) == (4 if model.name == "emoji-v1" else 4.37)
