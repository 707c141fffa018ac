"""Hourly rates of people and roles."""
