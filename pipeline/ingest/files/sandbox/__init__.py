"""Files from outside are parsed in a child process with limits."""
