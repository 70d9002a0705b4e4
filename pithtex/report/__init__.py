"""Renderers: pure functions from findings, checks and verdicts to text, JSON and the rest."""
