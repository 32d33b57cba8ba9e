"""A simulated Ringostat: a stranger to the rest of the program."""
