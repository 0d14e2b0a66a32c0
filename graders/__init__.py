"""Pure judgement: what to run for a task, and what the outcome is worth."""
