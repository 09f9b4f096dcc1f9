"""Persons are what all customers together make, worked out anew and from nothing."""

from collections import defaultdict
from uuid import UUID

from onefold.actions.directory import Picture
from onefold.actions.transaction import Transaction
from onefold.model.customers import Customer, Profile
from onefold.model.documents import document_of
from onefold.model.ids import NIL
from onefold.model.linking import Cluster, Key, clusters_of, is_excluded, keys_of
from onefold.model.projection import in_order, policies_of, projected
from onefold.model.properties import CUSTOMER_OWNER
from onefold.model.workspaces import Node
from onefold.store import customers, persons
from tests.builders import Shop

MANY = 100_000


async def check_persons(tx: Transaction, shop: Shop, entries: list[Customer]) -> None:
    """Raises AssertionError unless each aggregate node holds just what its rules make."""
    picture = await shop.picture()
    for node in picture.workspace.nodes.values():
        if not node.is_projecting:
            continue
        fed = {one.id: one for one in entries if one.node_id in node.entry_node_ids}
        clusters = await expected_clusters(tx, picture, node, fed)
        await _check_keys(tx, picture, node, fed)
        linked = await _linked(tx, shop, node)
        members = defaultdict(set)
        for customer_id, person_id in linked.items():
            members[person_id].add(customer_id)
        assert sorted(map(sorted, members.values())) == [list(one.members) for one in clusters]
        await _check_records(tx, picture, node, fed, members)
        await _check_ids(tx, shop, node, linked)


async def expected_clusters(
    tx: Transaction, picture: Picture, node: Node, fed: dict[UUID, Customer]
) -> list[Cluster]:
    assert node.aggregate is not None
    said = await persons.find_decisions(tx, picture.workspace.id, customer_ids=sorted(fed))
    return clusters_of(
        _keys(picture, node, fed),
        rules=[one.id for one in node.aggregate.rule_set.rules],
        together={one.pair for one in said if one.same},
        apart={one.pair for one in said if not one.same},
    )


def _keys(picture: Picture, node: Node, fed: dict[UUID, Customer]) -> dict[UUID, frozenset[Key]]:
    assert node.aggregate is not None
    region = picture.workspace.settings.region
    return {
        one.id: keys_of(node, one.profile, region)
        for one in fed.values()
        if not is_excluded(node.aggregate.exclusions, one.profile)
    }


async def _check_keys(
    tx: Transaction, picture: Picture, node: Node, fed: dict[UUID, Customer]
) -> None:
    rows = await tx.connection.fetch(
        "SELECT customer_id, rule, value FROM match_keys WHERE workspace_id = $1 AND node_id = $2",
        picture.workspace.id,
        node.id,
    )
    expected = {(one, *key) for one, mine in _keys(picture, node, fed).items() for key in mine}
    assert {tuple(row) for row in rows} == expected


async def _linked(tx: Transaction, shop: Shop, node: Node) -> dict[UUID, UUID]:
    rows = await tx.connection.fetch(
        "SELECT customer_id, person_id FROM person_links WHERE workspace_id = $1 AND node_id = $2",
        shop.workspace_id,
        node.id,
    )
    return {row[0]: row[1] for row in rows}


async def _check_records(
    tx: Transaction,
    picture: Picture,
    node: Node,
    fed: dict[UUID, Customer],
    members: dict[UUID, set[UUID]],
) -> None:
    found = await customers.list_customers(
        tx, picture.workspace.id, node_id=node.id, after=NIL, limit=MANY
    )
    policies = policies_of(picture.definitions.of_owner(CUSTOMER_OWNER))
    expected: dict[UUID, Profile] = {}
    for person_id, mine in members.items():
        ordered = in_order([fed[one] for one in mine], node, picture.workspace.nodes)
        expected[person_id] = projected([one.profile for one in ordered], policies)
    assert {one.id: document_of(one.profile) for one in found} == {
        one: document_of(profile) for one, profile in expected.items()
    }


async def _check_ids(tx: Transaction, shop: Shop, node: Node, linked: dict[UUID, UUID]) -> None:
    """A person has the oldest of the ids that its customers bring; none is brought twice."""
    rows = await tx.connection.fetch(
        "SELECT customer_id, person_id FROM person_ids WHERE workspace_id = $1 AND node_id = $2",
        shop.workspace_id,
        node.id,
    )
    brought = defaultdict(set)
    for customer_id, person_id in rows:
        if customer_id in linked:
            brought[linked[customer_id]].add(person_id)
    assert len({row[1] for row in rows}) == len(rows)
    assert {person: min(ids) for person, ids in brought.items()} == {
        person: person for person in linked.values()
    }
