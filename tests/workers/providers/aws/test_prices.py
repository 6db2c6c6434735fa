"""Prices come from a table that says where it is from; what it does not know costs null."""

from datetime import date

import pytest

from infra_cdk.config import DEPLOYMENTS
from workers.providers.aws.prices import read_prices
from workers.providers.aws.voice import MODEL


def test_the_table_says_which_one_it_is_and_where_it_is_from() -> None:
    prices = read_prices()

    assert prices.version
    assert prices.date > date(2025, 1, 1)
    assert "AWS" in prices.source


@pytest.mark.parametrize(
    ("model", "usage", "microusd"),
    [
        ("amazon.nova-lite-v1:0", {"input_tokens": 1000, "output_tokens": 500}, 180),
        ("us.amazon.nova-lite-v1:0", {"input_tokens": 1000, "output_tokens": 500}, 180),
        ("global.anthropic.claude-haiku-4-5-20251001-v1:0", {"input_tokens": 1200, "output_tokens": 400}, 3200),
        ("us.anthropic.claude-haiku-4-5-20251001-v1:0", {"input_tokens": 1200, "output_tokens": 400}, 3520),
        ("jp.anthropic.claude-haiku-4-5-20251001-v1:0", {"input_tokens": 1200, "output_tokens": 400}, 3520),
        ("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", {"input_tokens": 1200, "output_tokens": 400}, 10_560),
        ("us.anthropic.claude-sonnet-4-20250514-v1:0", {"input_tokens": 1200, "output_tokens": 400}, 9600),
        ("apac.anthropic.claude-sonnet-4-20250514-v1:0", {"input_tokens": 1200, "output_tokens": 400}, None),
        ("us-gov.anthropic.claude-3-haiku-20240307-v1:0", {"input_tokens": 1200, "output_tokens": 400}, None),
        ("amazon.nova-micro-v1:0", {"input_tokens": 1, "output_tokens": 0}, 1),
        ("stability.sd3-5-large-v1:0", {"images": 1}, 80_000),
        ("polly-neural", {"characters": 40}, 640),
        (
            "amazon.nova-lite-v1:0",
            {"input_tokens": 1000, "output_tokens": 500, "content_policy_units": 3, "topic_policy_units": 1},
            180 + 600,
        ),
        ("amazon.nova-lite-v1:0", {"input_tokens": 1000, "output_tokens": 500, "word_policy_units": 3}, 180),
        ("amazon.nova-lite-v1:0", {"input_tokens": 1000, "output_tokens": 500, "divination_policy_units": 1}, None),
        ("amazon.nova-lite-v1:0", {"content_policy_units": 3}, None),
        ("nobody.knows-v1:0", {"input_tokens": 1000, "output_tokens": 500}, None),
        ("amazon.nova-lite-v1:0", {"input_tokens": 1000}, None),
        ("amazon.nova-lite-v1:0", {}, None),
        ("stability.sd3-5-large-v1:0", {"characters": 3}, None),
    ],
)
def test_usage_becomes_money_and_the_unknown_null(model: str, usage: dict[str, int], microusd: int | None) -> None:
    assert read_prices().price(model, usage) == microusd


def test_what_the_deployments_call_has_a_price() -> None:
    prices = read_prices()
    models = {(chosen.text_model.profile, chosen.image_model.model) for chosen in DEPLOYMENTS.values()}

    for text, image in models:
        assert prices.price(text, {"input_tokens": 1, "output_tokens": 1, "content_policy_units": 1})
        assert prices.price(image, {"images": 1})
    assert prices.price(MODEL, {"characters": 1})
