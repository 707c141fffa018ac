"""Terms of payment: what is due when, invoiced and received."""
