"""Coverage and test reports."""
