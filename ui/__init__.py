"""What the pages share on screen: words, numbers, data, filters, marks, charts."""
