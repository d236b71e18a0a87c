"""The checks that a request must pass before it is answered, in the vendor's order."""
