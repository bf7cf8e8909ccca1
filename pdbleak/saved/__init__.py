"""A heap in a file, and back: the format, what is told of objects, and the checks of what comes back."""
