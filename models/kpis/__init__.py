"""KPI values: the catalogue as published, levels, judging, roll-ups."""
