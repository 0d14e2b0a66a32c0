"""Isolation layers, one file a layer, applied where the machine allows."""
