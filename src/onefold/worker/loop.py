"""The worker: runs schedules and jobs beside each other, notes what failed, and goes on."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import structlog

from onefold.actions.context import Context
from onefold.model.faults import describe_fault
from onefold.worker.jobs import JobRunner
from onefold.worker.schedule import SCHEDULE, Scheduled

LOOK_SECONDS = 1.0
RETRY_SECONDS = 60.0
log = structlog.get_logger()


class Worker:
    """Runs jobs and the schedule until it is stopped; every task is due at once when it starts."""

    def __init__(self, context: Context, schedule: Sequence[Scheduled] = SCHEDULE) -> None:
        self._context = context
        self._jobs = JobRunner(context)
        self._due: dict[str, datetime] = {}
        self._schedule = schedule

    async def run(self) -> None:
        """Until it is cancelled; a task that fails is tried again a minute later."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._jobs.run())
            group.create_task(self._run_schedule())

    async def _run_schedule(self) -> None:
        while True:
            await self.run_due()
            await asyncio.sleep(LOOK_SECONDS)

    async def run_due(self) -> list[str]:
        """Runs what is due now and returns the names of what succeeded."""
        done = []
        for one in self._schedule:
            at = self._context.clock()
            if self._due.get(one.name, at) <= at:
                succeeded = await self._run_one(one, at)
                wait = one.every.total_seconds() if succeeded else RETRY_SECONDS
                self._due[one.name] = datetime.fromtimestamp(at.timestamp() + wait, at.tzinfo)
                done += [one.name] if succeeded else []
        return done

    async def _run_one(self, one: Scheduled, at: datetime) -> bool:
        try:
            await one.task(self._context, at=at)
        except Exception as error:  # noqa: BLE001 - one task's failure must not end the others
            log.warning("scheduled task failed", task=one.name, **describe_fault(error))
            return False
        return True
