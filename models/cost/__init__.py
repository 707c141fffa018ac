"""Cost: earned value by grain, cost series, estimates at completion."""
