"""The outside world: disk, database, processes."""
