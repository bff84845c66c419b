"""Loket: the front desk of a public service mall."""
