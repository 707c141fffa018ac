"""The schedule as a network: critical path, float, earned schedule, what-if."""
