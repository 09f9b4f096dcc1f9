"""What a purchase comes to."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from onefold.model.events import Event
from onefold.model.purchases import NO_PURCHASE, Purchase, purchase_of

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANYBODY = UUID("00000000-0000-7000-8000-000000000001")


def bought(event_type: str = "completedOrder", **properties: Any) -> Purchase:
    return purchase_of(
        Event(
            id=ANYBODY,
            node_id=ANYBODY,
            customer_id=None,
            type=event_type,
            context="WEB",
            mode="ACTIVE",
            occurred_at=NOON,
            registered_at=NOON,
            updated_at=NOON,
            version=1,
            properties=properties,
        )
    )


class TestPurchaseOf:
    def test_is_nothing_for_any_other_event(self) -> None:
        assert bought("abandonedCart", amount={"total": 5}) is NO_PURCHASE

    def test_reads_total_revenue_and_currency(self) -> None:
        amount = {"total": 12.5, "revenue": 10, "local": {"currency": "CHF"}}

        assert bought(amount=amount) == Purchase("CHF", Decimal("12.5"), Decimal(10))

    def test_takes_the_total_for_the_revenue_that_is_not_told(self) -> None:
        assert bought(amount={"total": 12.5}) == Purchase("", Decimal("12.5"), Decimal("12.5"))

    def test_counts_pieces_and_a_line_without_a_quantity_as_one(self) -> None:
        products = [{"quantity": 2.5}, {"id": "tea"}, {"quantity": 1, "type": "return"}]

        assert bought(products=products).units == Decimal("2.5")

    @pytest.mark.parametrize("sign", [1, -1])
    def test_takes_a_return_off_whatever_its_sign(self, sign: int) -> None:
        amount = {"total": 10 * sign, "revenue": 8 * sign}
        found = bought(type="return", amount=amount, products=[{"quantity": 3 * sign}])

        assert found == Purchase("", Decimal(-10), Decimal(-8), Decimal(-3), 1)

    @pytest.mark.parametrize(
        "properties",
        [
            {},
            {"amount": None},
            {"amount": {"total": "much", "revenue": "more"}},
            {"amount": {"total": 1e300, "revenue": float("nan")}},
            {"products": "tea"},
            {"products": ["tea", None]},
            {"products": [{"quantity": 1e16}]},
        ],
    )
    def test_makes_nothing_of_what_no_counter_could_hold(self, properties: dict[str, Any]) -> None:
        assert bought(**properties) == Purchase()
