"""Candidates in containers: the engine, what a container may do, and a pool of them."""
