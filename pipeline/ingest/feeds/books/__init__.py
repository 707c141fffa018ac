"""What a ledger and a table of balances share: accounts, auxiliary codes, columns of which two make one."""
