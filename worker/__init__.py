"""Take jobs, grade them, report."""
