"""What a log may tell of a fault: kind and place, never a value."""

import json

from onefold.model.faults import FRAMES_MAX, describe_fault


class DriverError(Exception):
    sqlstate = "23505"


def look_up(email: str) -> None:
    raise DriverError(f"Key (email)=({email}) already exists")


def fail(email: str) -> BaseException:
    try:
        try:
            look_up(email)
        except DriverError as error:
            raise LookupError(f"no {email}") from error
    except LookupError as error:
        return error
    raise AssertionError("unreachable")


def deepen(levels: int) -> None:
    if levels == 0:
        raise RecursionError
    deepen(levels - 1)


class TestDescribeFault:
    def test_names_kinds_places_and_the_cause(self) -> None:
        told = describe_fault(fail("ada@shop.example"))

        assert told["error"] == "LookupError"
        cause = told["cause"]
        assert isinstance(cause, dict)
        assert cause["error"] == "DriverError"
        assert cause["sqlstate"] == "23505"
        assert cause["where"][-1].startswith("test_faults.py:")
        assert cause["where"][-1].endswith(" look_up")

    def test_quotes_no_message(self) -> None:
        told = json.dumps(describe_fault(fail("ada@shop.example")))

        assert "ada" not in told
        assert "Key" not in told

    def test_is_short_however_deep_it_was(self) -> None:
        told: dict[str, object] = {}
        try:
            deepen(100)
        except RecursionError as error:
            told = describe_fault(error)

        where = told["where"]
        assert isinstance(where, list)
        assert len(where) == FRAMES_MAX
