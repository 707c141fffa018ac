"""What stands beside the KPIs on the pages that show a whole project or many: finish, payments, what made a value move."""
