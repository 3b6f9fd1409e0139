"""Reconcile rival published trade figures and show every step."""

__version__ = "0.1.0"
