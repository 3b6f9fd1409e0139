"""Worlds with known truth, and how near each balancing method comes to it."""
