"""The control store on a PostgreSQL server, for several machines: how it is reached, its types of column, its locks."""
