"""Benchmarks that a person runs. Nothing imports them."""
