"""Where alembic runs the revisions: in the connection, and thereby the transaction, of whoever opens the store."""

from alembic import context

# A transaction that is open is left to its owner: alembic neither begins nor commits one.
context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
