"""The page at /web."""
