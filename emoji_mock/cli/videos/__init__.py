"""What only the verb `animate` needs."""
