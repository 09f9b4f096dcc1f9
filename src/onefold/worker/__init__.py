"""What runs without a caller: jobs and schedules.

A job is a row of `jobs` with a kind; `handlers.py` says on one page which function does which kind.
To add one: write an action that takes a context, an actor and a job, works in transactions of its
own, notes its progress with `renew_job` in each of them, and comes back when nothing is left. The
worker sees to everything else (jobs.py): taking jobs, keeping their leases, ending them, and trying
again after a fault. Whatever runs on a timetable instead stands in `schedule.py`.
"""
