"""The commands beside serving, one module each."""
