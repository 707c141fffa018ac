"""Baselines of budgets: approved plans that are kept."""
