"""Unmerging gives back both, whatever was written meanwhile.

Apart from the other tests of merged customers: these changes hold what others look for traces of.
"""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from onefold.actions.context import Context
from onefold.actions.customers.drafts import CustomerDraft
from onefold.model.changes import CustomerChange
from tests.actions.test_merged_customers import own, read, say, search
from tests.actions.test_save_laws import open_shop, storable
from tests.audit import audit
from tests.builders import Shop, make_draft, make_patch
from tests.strategies import CHANGES, few


def make_like(
    draft: CustomerDraft, shop: Shop, change: CustomerChange | None = None
) -> CustomerDraft:
    """The same draft for a customer of another shop."""
    node_id = None if draft.customer_id else shop.node_id
    return replace(draft, node_id=node_id, change=change or draft.change)


class TestUnmerging:
    @few
    @given(
        written=st.lists(st.tuples(st.integers(0, 1), CHANGES), max_size=4),
    )
    async def test_gives_back_both_with_what_was_written_to_each(
        self, context: Context, written: list[tuple[int, CustomerChange]]
    ) -> None:
        shop = await open_shop(context, ())
        alone = await open_shop(context, ())
        drafts = [make_draft(shop.node_id, name__given=name) for name in ("Ada", "Bea")]
        ids = [one.new_id for one in drafts]
        await shop.save(drafts)
        await alone.save([make_like(one, alone) for one in drafts])

        await say(shop, "merge", *ids)
        for which, change in written:
            patch = make_patch(ids[which])
            for place in (shop, alone):
                await place.save([make_like(patch, place, storable(change))])
        await say(shop, "unmerge", *ids)

        restored, expected = await own(shop, *ids), await own(alone, *ids)
        assert [one.profile for one in restored] == [one.profile for one in expected]
        assert [one.version for one in restored] == [one.version for one in expected]
        assert sorted(await search(shop)) == sorted(ids)
        assert [(await read(shop, one)).id for one in ids] == ids
        await audit(shop)
