"""The problems agents are given."""
