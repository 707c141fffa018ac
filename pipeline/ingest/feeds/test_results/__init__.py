"""Results of test cases, run by run."""
