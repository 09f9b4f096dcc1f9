"""Everybody whose person can change because some customers did: found by keys and decisions.

A person never reaches beyond those who are tied to it by equal keys and people's decisions, so it
is enough to walk along these. All steps read many customers at once.
"""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from onefold.actions.transaction import Transaction
from onefold.model.linking import SHARED_MAX, Cluster, Key, clusters_of
from onefold.model.persons import HumanDecision, Link
from onefold.model.workspaces import Node, Workspace
from onefold.store import persons

Keys = Mapping[UUID, frozenset[Key] | None]
"""Customers with the keys that they have from now on; None for one that is not taken in."""


class Neighbourhood:
    """Customers around those that changed: `links` and `stored` as the tables have them, `keys`
    as they will be, and what people decided.
    """

    def __init__(self, tx: Transaction, workspace: Workspace, node: Node) -> None:
        self._tx = tx
        self._workspace = workspace
        self._node = node
        self.links: dict[UUID, Link] = {}
        self.stored: dict[UUID, frozenset[Key]] = {}
        self.keys: dict[UUID, frozenset[Key]] = {}
        self.reached: set[UUID] = set()
        self.decisions: dict[frozenset[UUID], HumanDecision] = {}
        self._crowded: set[str] = set()

    async def load(self, customer_ids: Collection[UUID]) -> None:
        """What is stored about customers."""
        if not customer_ids:
            return
        tx, workspace_id, node_id = self._tx, self._workspace.id, self._node.id
        wanted = sorted(customer_ids)
        links = await persons.find_links(tx, workspace_id, node_id=node_id, customer_ids=wanted)
        self.links.update({one.customer_id: one for one in links})
        self.stored.update(
            await persons.find_keys(tx, workspace_id, node_id=node_id, customer_ids=wanted)
        )

    def moved_among(self, keys: Keys) -> dict[UUID, frozenset[Key] | None]:
        """Those of the loaded customers whose keys differ, or who come or go."""
        return {
            one: mine
            for one, mine in keys.items()
            if (mine is None) is (one in self.links)
            or (mine is not None and mine != self.stored.get(one, frozenset()))
        }

    async def grow(self, moved: Keys) -> None:
        """Walks from the moved customers, by their old keys and their new ones, to all around."""
        self.reached = set(moved)
        self.keys = {one: mine for one, mine in moved.items() if mine is not None}
        frontier: set[UUID] = set(moved)
        values = _values(self.keys.values()) | _values(self.stored.get(one, ()) for one in moved)
        asked: set[str] = set()
        limit = SHARED_MAX + 1 + len(moved)
        while frontier:
            found = await self._owners(values - asked, limit) | await self._decided(frontier)
            asked |= values
            frontier = found - self.reached
            await self.load(frontier - self.links.keys())
            frontier &= self.links.keys()
            self.reached |= frontier
            self.keys.update({one: self.stored.get(one, frozenset()) for one in frontier})
            values = _values(self.keys[one] for one in frontier)

    async def _owners(self, values: Collection[str], limit: int) -> set[UUID]:
        """Customers with one of these values, but for values that are everybody's."""
        if not values:
            return set()
        owners = await persons.find_owners(
            self._tx,
            self._workspace.id,
            node_id=self._node.id,
            values=sorted(values),
            limit=limit,
        )
        self._crowded |= {value for value, found in owners.items() if len(found) >= limit}
        known = (found for value, found in owners.items() if value not in self._crowded)
        return {one for found in known for one in found}

    async def _decided(self, frontier: Collection[UUID]) -> set[UUID]:
        if not self._workspace.decides:
            return set()
        found = await persons.find_decisions(
            self._tx, self._workspace.id, customer_ids=sorted(frontier)
        )
        self.decisions.update({one.pair: one for one in found})
        return {one.other_id for one in found if one.same}

    def clusters(self) -> list[Cluster]:
        """The persons that there are from now on.

        While other rules are being applied some have keys of a rule that is no more.
        """
        rules = self._node.aggregate.rule_set.rules if self._node.aggregate else ()
        ids = [one.id for one in rules]
        said = self.decisions.values()
        return clusters_of(
            {one: [key for key in mine if key.rule in ids] for one, mine in self.keys.items()},
            rules=ids,
            together=[one.pair for one in said if one.same],
            apart=[one.pair for one in said if not one.same],
            crowded=self._crowded,
        )


def _values(keys: Iterable[Iterable[Key]]) -> set[str]:
    return {key.value for mine in keys for key in mine}
