"""Why a KPI stands where it stands: the rows at fault, and what would bring it back."""
