"""Hours worked: time sheets, day columns, labor lists."""
