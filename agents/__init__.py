"""Plays episodes of the environment: clients, policies and the transcript of `inference.py`."""
