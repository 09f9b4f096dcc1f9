"""The update stream in Contacthub's shape."""

from collections.abc import Mapping
from uuid import UUID

from onefold.dialects.contacthub.mapping.parts import Wire
from onefold.model.updates import Update


def wire_update(update: Update, entities: Mapping[UUID, Wire]) -> Wire:
    """An entry with its customer or event as it is now; of one that is gone, only the ids."""
    change = update.change
    gone = {"id": str(change.entity_id), "nodeId": str(change.node_id)}
    return {
        "operation": change.operation.value,
        "entity": {
            "type": change.entity.value,
            "data": entities.get(change.entity_id, gone),
        },
    }
