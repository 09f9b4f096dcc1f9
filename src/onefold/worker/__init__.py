"""What runs without a caller: jobs and schedules."""
