"""Every operation of a contract is routed as the contract writes it, or is listed as to come."""

from collections import Counter

import pytest

from tests.contracts.contract import DIALECTS, operations
from tests.contracts.routing import ROUTES, STILL_TO_COME


def contract_ids(dialect: str) -> set[str]:
    return {operation.operation_id for operation in operations(dialect)}


@pytest.mark.parametrize("dialect", DIALECTS)
class TestOperations:
    def test_are_routed_or_to_come(self, dialect: str) -> None:
        routed = {route.operation_id for route in ROUTES[dialect]}

        assert contract_ids(dialect) - routed - STILL_TO_COME[dialect] == set()

    def test_are_not_both(self, dialect: str) -> None:
        routed = {route.operation_id for route in ROUTES[dialect]}

        assert routed & STILL_TO_COME[dialect] == set()

    def test_exist_in_the_contract(self, dialect: str) -> None:
        routed = {route.operation_id for route in ROUTES[dialect]}

        assert (routed | STILL_TO_COME[dialect]) - contract_ids(dialect) == set()

    def test_are_routed_once(self, dialect: str) -> None:
        times = Counter(route.operation_id for route in ROUTES[dialect])

        assert [name for name, count in times.items() if count > 1] == []

    def test_have_the_method_and_path_of_the_contract(self, dialect: str) -> None:
        wanted = {one.operation_id: (one.method, one.path) for one in operations(dialect)}
        differing = [
            f"{one.operation_id}: {one.method} {one.path}, not {wanted[one.operation_id]}"
            for one in ROUTES[dialect]
            if (one.method, one.path) != wanted.get(one.operation_id, (one.method, one.path))
        ]

        assert not differing, "\n".join(differing)
