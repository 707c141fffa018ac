"""The only writer: land, validate, build, publish, schedule. `python -m pipeline --help` lists the commands."""
