"""Run one untrusted program once and say what happened."""
