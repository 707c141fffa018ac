"""Files as they come: archives, text, workbooks, XML; from bytes to tables of text."""
