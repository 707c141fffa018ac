"""What commands print: answers as JSON, tables for people, progress on standard error."""
