"""`python -m tests.contracts.report`: which statements of the contracts have a test."""

import sys
from collections import defaultdict

from tests.contracts.behaviours import named_in_tests
from tests.contracts.contract import DIALECTS, operations, statements
from tests.contracts.coverage import Coverage
from tests.contracts.routing import STILL_TO_COME, routed_operations
from tests.contracts.uncovered import UNCOVERED


def report(dialect: str) -> str:
    """One line for each operation, the uncovered statements below it, and the sum."""
    coverage = Coverage(statements(dialect), routed_operations(), named_in_tests(), UNCOVERED)
    by_operation = defaultdict(list)
    for id_ in coverage.known:
        by_operation[id_.split("/")[1]].append(id_)
    lines = [f"{dialect}", ""]
    for operation in ["-", *(one.operation_id for one in operations(dialect))]:
        lines += _lines_of(operation, by_operation[operation], coverage, dialect)
    done = coverage.covered & coverage.known.keys()
    served = len(operations(dialect)) - len(STILL_TO_COME[dialect])
    return "\n".join(
        [
            *lines,
            "",
            f"{served} of {len(operations(dialect))} operations are served",
            f"{len(done)} of {len(coverage.known)} statements have a test",
            f"{len(done & set(coverage.asked))} of {len(coverage.asked)} of served operations",
            f"{len(coverage.excused)} are excused",
        ]
    )


def _lines_of(operation: str, ids: list[str], coverage: Coverage, dialect: str) -> list[str]:
    if operation == "-" and not ids:
        return []
    served = operation == "-" or f"{dialect}/{operation}" in coverage.routed
    covered = [id_ for id_ in ids if id_ in coverage.covered]
    head = f"{'served ' if served else 'to come'} {len(covered):3}/{len(ids):<3} {operation}"
    gaps = [id_ for id_ in ids if id_ not in coverage.covered] if served else []
    return [head, *(f"            {id_}: {_excuse(id_, coverage)}" for id_ in gaps)]


def _excuse(behaviour: str, coverage: Coverage) -> str:
    reason = coverage.excused.get(behaviour)
    return coverage.known[behaviour] + (f" (excused: {reason})" if reason else "")


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(map(report, DIALECTS)) + "\n")
