"""Puts customers that were written to their persons, in the transaction of the write.

Only where an aggregate node follows their node; anywhere else it asks nothing. Whoever places
holds the counter of customer numbers, so persons change in one transaction after another, and two
customers of one person that are written at once find each other. The number of statements does
not grow with the number of customers.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from onefold.actions.directory import Picture
from onefold.actions.persons.neighbourhood import Neighbourhood
from onefold.actions.persons.reasons import joints_of
from onefold.actions.persons.records import PersonWork, write_persons
from onefold.actions.persons.returning import remember_decided
from onefold.actions.transaction import Transaction
from onefold.model.access import Actor
from onefold.model.customers import Customer
from onefold.model.ids import uuid7
from onefold.model.linking import Cluster, is_excluded, keys_of
from onefold.model.persons import Link, PersonChanges
from onefold.model.workspaces import Node, Workspace
from onefold.store import persons, workspaces


@dataclass(frozen=True, slots=True)
class Written:
    """Customers as a write leaves them: `new` ones were not there before, `gone` ones are not any
    more. Of `decided` ones somebody said something, so that their person is found anew.
    """

    present: Sequence[Customer] = ()
    new: Collection[UUID] = ()
    gone: Sequence[Customer] = ()
    decided: Collection[UUID] = ()

    def node_ids(self) -> set[UUID]:
        return {one.node_id for one in (*self.present, *self.gone)}


async def place_customers(
    tx: Transaction, actor: Actor, *, picture: Picture, written: Written, at: datetime
) -> PersonChanges:
    """What became of persons; the caller counts and announces it with its own changes."""
    changes = PersonChanges()
    nodes = picture.workspace.projecting(written.node_ids())
    if not nodes:
        return changes
    await hold_persons(tx, actor)
    if picture.workspace.decides:
        new = [one for one in written.present if one.id in written.new]
        await remember_decided(tx, actor, picture=picture, new=new)
    for node in nodes:
        changes.add(await place_in(tx, actor, picture=picture, node=node, written=written, at=at))
    return changes


async def hold_persons(tx: Transaction, actor: Actor) -> None:
    """Nobody else places customers of the workspace until commit."""
    await workspaces.next_numbers(tx, actor.workspace_id, kind=workspaces.CUSTOMER_NUMBERS, many=0)


async def place_in(
    tx: Transaction,
    actor: Actor,
    *,
    picture: Picture,
    node: Node,
    written: Written,
    at: datetime,
) -> PersonChanges:
    """The same in one aggregate node, for whoever holds the persons."""
    place = _Place(tx, picture.workspace, node, at)
    await place.settle(written)
    return await write_persons(tx, actor, picture=picture, node=node, work=place.work)


class _Place:
    """One aggregate node while customers find their persons there."""

    def __init__(self, tx: Transaction, workspace: Workspace, node: Node, at: datetime) -> None:
        self._tx = tx
        self._workspace = workspace
        self._node = node
        self._at = at
        self._around = Neighbourhood(tx, workspace, node)
        self._written: set[UUID] = set()
        self.work = PersonWork(at)

    async def settle(self, written: Written) -> None:
        """Decides who belongs to whom and stores it; what is left to do is to make records."""
        fed = set(self._node.entry_node_ids)
        here = {one.id: one for one in written.present if one.node_id in fed}
        gone = [one.id for one in written.gone if one.node_id in fed]
        region = self._workspace.settings.region
        exclusions = self._node.aggregate.exclusions if self._node.aggregate else ()
        keys = {
            one.id: None
            if is_excluded(exclusions, one.profile)
            else keys_of(self._node, one.profile, region)
            for one in here.values()
        } | dict.fromkeys(gone)
        await self._around.load(keys.keys() - set(written.new))
        moved = self._around.moved_among(keys)
        moved |= {one: keys[one] for one in written.decided if keys.get(one) is not None}
        self.work.customers.update(here)
        self._written = set(here)
        if moved:
            await self._around.grow(moved)
            await self._regroup(moved, gone, new=set(written.new))
        await self._follow(here.keys() - self._around.reached)

    async def _regroup(
        self, moved: Collection[UUID], gone: Sequence[UUID], *, new: set[UUID]
    ) -> None:
        around, tx, workspace_id = self._around, self._tx, self._workspace.id
        brought = await self._brought(around.reached - new)
        clusters = around.clusters()
        handed_on = self._hand_on(brought, gone)
        fresh: list[tuple[UUID, UUID]] = []
        placed: dict[UUID, Cluster] = {}
        for cluster in clusters:
            ids = [one for member in cluster.members for one in brought.get(member, ())]
            if not ids:
                ids = [uuid7(self._at)]
                fresh.append((cluster.members[0], ids[0]))
                self.work.new.add(ids[0])
            placed[min(ids)] = cluster
        await self._load_members(placed.values())
        links = self._links(placed)
        await persons.replace_keys(
            tx,
            workspace_id,
            {one: around.keys[one] for one in moved if one in around.keys},
            node_id=self._node.id,
            known=sorted(set(moved) - new),
        )
        left = sorted((around.reached - around.keys.keys()) & around.links.keys())
        await persons.drop_links(tx, workspace_id, node_id=self._node.id, customer_ids=left)
        await persons.save_links(tx, workspace_id, links, node_id=self._node.id, at=self._at)
        ids_moved = [person_id for _, person_id in handed_on]
        kept = [one for one in handed_on if one[0] in around.keys]
        await persons.save_brought(
            tx, workspace_id, [*fresh, *kept], node_id=self._node.id, moved=ids_moved
        )
        before = {link.person_id for one, link in around.links.items() if one in around.reached}
        self.work.retired |= before - placed.keys()
        members: dict[UUID, set[UUID]] = {}
        for one, link in around.links.items():
            members.setdefault(link.person_id, set()).add(one)
        for person_id, cluster in placed.items():
            self._note(person_id, cluster, members.get(person_id, set()))

    def _note(self, person_id: UUID, cluster: Cluster, before: set[UUID]) -> None:
        """A person whose members or their records are other ones now has to be made again."""
        if before != set(cluster.members):
            self.work.regrouped.add(person_id)
        if before != set(cluster.members) or not self._written.isdisjoint(before):
            self.work.members[person_id] = cluster.members

    async def _brought(self, customer_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
        found: dict[UUID, list[UUID]] = {}
        if customer_ids:
            rows = await persons.find_brought(
                self._tx,
                self._workspace.id,
                node_id=self._node.id,
                customer_ids=sorted(customer_ids),
            )
            for customer_id, person_id in rows:
                found.setdefault(customer_id, []).append(person_id)
        return found

    def _hand_on(
        self, brought: dict[UUID, list[UUID]], gone: Sequence[UUID]
    ) -> list[tuple[UUID, UUID]]:
        """Ids of those who leave go to the oldest who stays of their person, so that it stays.

        With nobody left, a customer who is only kept out keeps its ids for when it is let in; the
        ids of one who is gone for good go with it.
        """
        around = self._around
        moved: list[tuple[UUID, UUID]] = []
        for one in sorted(brought.keys() - around.keys.keys()):
            link = around.links.get(one)
            heir = min(
                (
                    other
                    for other in around.keys
                    if link is not None
                    and other in around.links
                    and around.links[other].person_id == link.person_id
                ),
                default=None,
            )
            if heir is not None:
                moved += [(heir, person_id) for person_id in brought[one]]
                brought.setdefault(heir, []).extend(brought[one])
            elif one in gone:
                moved += [(one, person_id) for person_id in brought[one]]
        return moved

    async def _load_members(self, clusters: Iterable[Cluster]) -> None:
        """Records of members: of a person that is made again, and to say why they are together."""
        await self.work.load(
            self._tx,
            self._workspace.id,
            {one for cluster in clusters for one in cluster.members},
        )

    def _links(self, placed: Mapping[UUID, Cluster]) -> list[Link]:
        """Links that are new or not as they are stored."""
        links = []
        for person_id, cluster in placed.items():
            joints = joints_of(
                self._tx.sealer,
                self._workspace,
                self._node,
                cluster,
                self.work.customers,
                self._around.decisions,
            )
            for one in cluster.members:
                link = Link(one, self._node.id, person_id, joints.get(one, ()), self._at)
                known = self._around.links.get(one)
                if known is None or (known.person_id, known.joints) != (person_id, link.joints):
                    links.append(link)
        return links

    async def _follow(self, steady: Collection[UUID]) -> None:
        """Customers that stay where they are take their person with them."""
        links = self._around.links
        person_ids = {links[one].person_id for one in steady if one in links}
        person_ids -= self.work.members.keys()
        if not person_ids:
            return
        found = await persons.find_members(
            self._tx, self._workspace.id, person_ids=sorted(person_ids)
        )
        members: dict[UUID, list[UUID]] = {}
        for link in found:
            members.setdefault(link.person_id, []).append(link.customer_id)
        self.work.members.update({one: tuple(sorted(many)) for one, many in members.items()})
        await self.work.load(
            self._tx, self._workspace.id, {one for many in members.values() for one in many}
        )
