"""Sealed fields."""

from string import ascii_lowercase, ascii_uppercase, digits

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from onefold.store.sealing import MARK, Sealer, new_key
from tests.audit import traces
from tests.builders import Shop, make_patch

KEY = bytes(range(32))
NATIONAL_ID = "RSSMRA85T10A562S"
DIGITS = ascii_uppercase + ascii_lowercase + digits + "+/"
HIGHEST_BIT = 32
"""Of a base64 digit; the last digit's lowest bits say nothing."""


class TestSealer:
    @given(st.text(st.characters(exclude_categories=["Cs"])))
    def test_opens_what_it_sealed(self, text: str) -> None:
        assert Sealer(KEY).open(Sealer(KEY).seal(text)) == text

    def test_seals_the_same_text_differently_each_time(self) -> None:
        assert Sealer(KEY).seal("x") != Sealer(KEY).seal("x")

    def test_keeps_a_text_that_looks_sealed_already(self) -> None:
        looks_sealed = MARK + "x"

        assert Sealer(KEY).open(Sealer(KEY).seal(looks_sealed)) == looks_sealed

    def test_opens_nothing_under_another_key(self) -> None:
        sealed = Sealer(KEY).seal(NATIONAL_ID)

        with pytest.raises(InvalidTag):
            Sealer(new_key()).open(sealed)

    def test_opens_nothing_that_was_changed_anywhere(self) -> None:
        sealed = Sealer(KEY).seal("abc")

        for place in range(len(MARK), len(sealed.rstrip("="))):
            other = DIGITS[DIGITS.index(sealed[place]) ^ HIGHEST_BIT]
            with pytest.raises((InvalidTag, ValueError)):
                Sealer(KEY).open(sealed[:place] + other + sealed[place + 1 :])

    @pytest.mark.parametrize("forged", ["", "!", "AAAA", " ", "plain text"])
    def test_opens_nothing_that_was_added_or_cut(self, forged: str) -> None:
        sealed = Sealer(KEY).seal("abc")

        for text in (sealed + forged if forged else sealed[:-1], MARK + forged, sealed[:-8]):
            with pytest.raises((InvalidTag, ValueError)):
                Sealer(KEY).open(text)

    def test_needs_a_key_of_32_bytes(self) -> None:
        with pytest.raises(ValueError, match="32 bytes"):
            Sealer(b"short")

    def test_gives_one_fingerprint_for_one_text_and_key(self) -> None:
        assert Sealer(KEY).fingerprint("x") == Sealer(KEY).fingerprint("x")
        assert Sealer(KEY).fingerprint("x") != Sealer(KEY).fingerprint("y")
        assert Sealer(KEY).fingerprint("x") != Sealer(new_key()).fingerprint("x")


class TestANationalId:
    async def test_stands_in_clear_text_nowhere(self, shop: Shop) -> None:
        pool = shop.context.database.pool
        ada = await shop.customer(contact__email="ada@shop.example", national_id=NATIONAL_ID)
        await shop.save([make_patch(ada.customer.id, national_id="VRDLGI80A01H501X")])
        await shop.save([make_patch(ada.customer.id, national_id=None)])
        await shop.save([make_patch(ada.customer.id, national_id=NATIONAL_ID)])

        for text in (NATIONAL_ID, "VRDLGI80A01H501X", NATIONAL_ID.lower()):
            assert await traces(pool, text) == set()

    async def test_is_found_by_its_fingerprint(self, shop: Shop) -> None:
        await shop.customer(contact__email="ada@shop.example", national_id=NATIONAL_ID)

        stored = await shop.context.database.pool.fetchval(
            "SELECT value FROM identifiers WHERE workspace_id = $1 AND kind = 'national_id'",
            shop.workspace_id,
        )

        assert stored == shop.context.database.sealer.fingerprint(NATIONAL_ID)
