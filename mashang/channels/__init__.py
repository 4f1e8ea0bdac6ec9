"""The doors a customer can come in by."""
