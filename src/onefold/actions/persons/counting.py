"""What changes of persons add to the counters of their nodes."""

from datetime import datetime

from onefold.model.persons import PersonChanges
from onefold.model.population import (
    NodeCounts,
    count_arrivals,
    count_changes,
    count_departures,
    count_returns,
)
from onefold.model.rollups import sum_counts
from onefold.model.workspaces import Workspace


def count_persons(changes: PersonChanges, workspace: Workspace, *, at: datetime) -> NodeCounts:
    zone = workspace.zone()
    back = [(record.deleted_at, after) for record, after in changes.back if record.deleted_at]
    counts = count_arrivals(changes.created, zone=zone)
    for more in (
        count_changes(changes.changed, zone=zone, at=at),
        count_departures(changes.gone, zone=zone, at=at),
        count_returns(back, zone=zone, at=at),
    ):
        counts = sum_counts(counts, more)
    return counts
