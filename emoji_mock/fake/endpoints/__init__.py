"""The endpoints: one module each, with its checks and its answer, and their registry."""
