"""Prometheus's words begin here."""
