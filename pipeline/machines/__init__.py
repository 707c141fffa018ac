"""More than one machine: the control store moved to a server, builds followed, folders that a network shares."""
