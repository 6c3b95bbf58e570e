"""Shared parts of tools/check_layers, tools/check_sizes and tools/check_hygiene."""
