"""Whoever holds a token: as whom they act, and from where they may."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from onefold.model.access import EVERYWHERE, Actor
from onefold.model.errors import NotPermitted
from onefold.model.networks import is_within


@dataclass(frozen=True, slots=True, eq=False)
class Caller:
    """`reader` and `writer` differ for a member who may see one node and change another."""

    reader: Actor
    writer: Actor
    networks: tuple[str, ...] = ()
    """Where the token may be used; anywhere when there is none."""
    origins: tuple[str, ...] = ()
    """The pages that may use the token; all when there is none."""
    _within: dict[UUID, Actor] = field(default_factory=dict)
    """An operator of the installation, as who acts in each workspace."""

    @property
    def workspace_id(self) -> UUID:
        return self.reader.workspace_id

    def actor(self, workspace_id: UUID, *, writing: bool) -> Actor:
        """The actor in a workspace; raises NotPermitted for one that is not the caller's."""
        actor = self.writer if writing else self.reader
        if actor.workspace_id == workspace_id:
            return actor
        if actor.workspace_id != EVERYWHERE:
            raise NotPermitted(f"workspace not found: {workspace_id}")
        if workspace_id not in self._within:
            self._within[workspace_id] = replace(actor, workspace_id=workspace_id)
        return self._within[workspace_id]

    def require_address(self, address: str | None) -> None:
        if self.networks and (address is None or not is_within(address, self.networks)):
            raise NotPermitted("the token may not be used from this address")

    def require_origin(self, origin: str | None) -> None:
        """Browsers say it and pages cannot change it; whoever says none is no page."""
        if self.origins and origin not in self.origins:
            raise NotPermitted("the token may not be used by this page")
