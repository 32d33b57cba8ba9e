"""Ringostat's words stop here: its API, its replies, its keys."""
