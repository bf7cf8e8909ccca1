"""One question each: an algorithm on the heap graph and its frozen result; nothing here prints."""
