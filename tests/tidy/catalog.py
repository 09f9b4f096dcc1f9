"""What the catalog of a migrated database says about our tables, partitions left out.

A partition follows its parent: its keys and columns are the parent's, so it is not asked again.
"""

from dataclasses import dataclass, field

import asyncpg


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    is_identity: bool
    is_generated: bool
    default: str | None


@dataclass(frozen=True)
class Key:
    """A unique index; a part that is an expression has no name and stands here as None."""

    name: str
    columns: tuple[str | None, ...]
    is_primary: bool


@dataclass(frozen=True)
class Reference:
    """A foreign key, with the actions as the catalog spells them ('n' is SET NULL)."""

    name: str
    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]
    actions: tuple[str, str]


@dataclass
class Table:
    name: str
    columns: list[Column] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    reactions: list[str] = field(default_factory=list)
    """Triggers and rewrite rules by name."""

    @property
    def primary_key(self) -> tuple[str | None, ...]:
        return next((key.columns for key in self.keys if key.is_primary), ())

    def has(self, column: str) -> bool:
        return any(one.name == column for one in self.columns)


@dataclass(frozen=True)
class Catalog:
    tables: dict[str, Table]
    sequences: list[str]


_TABLES = """
SELECT oid, relname FROM pg_class
 WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
   AND NOT relispartition
 ORDER BY relname"""

_SEQUENCES = """
SELECT relname FROM pg_class
 WHERE relnamespace = current_schema()::regnamespace AND relkind = 'S' ORDER BY relname"""

_COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod), attidentity <> '', attgenerated <> '',
       pg_get_expr(adbin, adrelid)
  FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
 WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum"""

_KEYS = """
SELECT i.relname, indisprimary,
       ARRAY(SELECT attname::text
               FROM unnest(indkey::int2[]) WITH ORDINALITY AS part (number, place)
               LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = part.number
              WHERE place <= indnkeyatts ORDER BY place)
  FROM pg_index JOIN pg_class i ON i.oid = indexrelid
 WHERE indrelid = $1 AND indisunique ORDER BY i.relname"""

_REFERENCES = """
SELECT conname, confrelid::regclass::text, confdeltype::text, confupdtype::text,
       ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS part (number, place)
               JOIN pg_attribute ON attrelid = conrelid AND attnum = number ORDER BY place),
       ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY AS part (number, place)
               JOIN pg_attribute ON attrelid = confrelid AND attnum = number ORDER BY place)
  FROM pg_constraint WHERE conrelid = $1 AND contype = 'f' AND conparentid = 0 ORDER BY conname"""

_REACTIONS = """
SELECT tgname FROM pg_trigger WHERE tgrelid = $1 AND NOT tgisinternal
UNION ALL
SELECT rulename FROM pg_rewrite WHERE ev_class = $1"""


async def read_catalog(connection: asyncpg.Connection) -> Catalog:
    """Read the tables of the current schema."""
    tables = {
        name: await _read(connection, oid, name) for oid, name in await connection.fetch(_TABLES)
    }
    return Catalog(tables, [name for (name,) in await connection.fetch(_SEQUENCES)])


async def _read(connection: asyncpg.Connection, oid: int, name: str) -> Table:
    return Table(
        name,
        [Column(*row) for row in await connection.fetch(_COLUMNS, oid)],
        [
            Key(name, tuple(columns), is_primary)
            for name, is_primary, columns in await connection.fetch(_KEYS, oid)
        ],
        [
            Reference(name, tuple(columns), table, tuple(targets), (on_delete, on_update))
            for name, table, on_delete, on_update, columns, targets in await connection.fetch(
                _REFERENCES, oid
            )
        ],
        [name for (name,) in await connection.fetch(_REACTIONS, oid)],
    )
