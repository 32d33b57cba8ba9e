"""Serves the exposition, the status page and the probes over HTTP."""
