"""A B A B …: both sides in turns, so that what disturbs the machine for a while disturbs both."""

from collections.abc import Awaitable, Callable

from onefold.bench.figures import Measured
from onefold.bench.place import Wanted
from onefold.bench.report import Case, case_of

Run = Callable[[int], Awaitable[Measured]]
"""Measures one side once; told which run it is."""


async def compare_in_turns(
    wanted: Wanted, name: str, ours: Run, floor_name: str, floor: Run
) -> Case:
    mine, theirs = [], []
    for number in range(wanted.repeats):
        mine.append(await ours(number))
        theirs.append(await floor(number))
        wanted.say(
            f"{name}, run {number + 1} of {wanted.repeats}: {mine[-1].per_second:,.0f}/s,"
            f" floor {theirs[-1].per_second:,.0f}/s"
        )
    return case_of(name, mine, floor_name, theirs)
