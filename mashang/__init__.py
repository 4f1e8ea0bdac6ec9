"""Mashang 码上: customer service built on service codes."""

__version__ = "0.1.0"
