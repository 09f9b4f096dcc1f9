"""A map, a file and a node put together: what an import will do, before it does anything."""

from collections.abc import Sequence

from onefold.actions.directory import Picture
from onefold.actions.imports.batches import BATCH_ROWS, BATCH_ROWS_MAX, ImportOrder
from onefold.actions.imports.files import sample_objects
from onefold.actions.imports.opening import Work
from onefold.actions.imports.reading import RowReader
from onefold.actions.imports.repeating import Repeat
from onefold.model.errors import Invalid
from onefold.model.imports.compiling import RowMapper, map_objects, map_table
from onefold.model.imports.maps import ImportMap
from onefold.model.imports.paths import ImportEntity
from onefold.model.imports.resolving import Surroundings
from onefold.model.properties import CUSTOMER_OWNER
from onefold.model.workspaces import Node


def order_import(
    picture: Picture,
    reader: RowReader,
    *,
    work: Work,
    rules: ImportMap,
    repeat: Repeat,
    batch_rows: int = BATCH_ROWS,
) -> ImportOrder:
    """Raises Invalid for columns that go nowhere, NotFound or NotPermitted for the node."""
    picture.workspace.entry_node(work.node_id)
    around = Surroundings(picture.definitions.of_owner(CUSTOMER_OWNER), picture.workspace.zone())
    mapper = _mapper(reader, work, rules, around)
    many = max(1, min(batch_rows, BATCH_ROWS_MAX))
    return ImportOrder(work.node_id, work.entity, mapper, repeat, many, work.operation)


def require_recognition(node: Node, order: ImportOrder) -> None:
    """Raises Invalid when the same file twice would create everybody twice."""
    if order.entity is ImportEntity.EVENTS or node.unique.paths:
        return
    if "id" not in _paths(order.mapper):
        raise Invalid(
            f"node {node.name} has no unique properties: rows cannot be told from customers who"
            " are there, and importing them again would create everybody again"
        )


def describe_mapping(order: ImportOrder) -> list[tuple[str, str]]:
    """Columns and the paths that they go to, as the map was understood."""
    settings = order.mapper.settings
    filled = [one.target for one in (*settings.early, *settings.late)]
    columns = [(target.column, target.path) for target in (*order.mapper.targets, *filled)]
    return columns + [("set", path) for path in settings.constants]


def _mapper(reader: RowReader, work: Work, rules: ImportMap, around: Surroundings) -> RowMapper:
    entity = work.entity
    if reader.columns is None:
        return map_objects(entity, rules.of(entity), sample_objects(reader), around)
    return map_table(entity, rules.of(entity), reader.columns, around, operation=work.operation)


def _paths(mapper: RowMapper) -> Sequence[str]:
    return [target.path for target in mapper.targets]
