"""What can be asked of the fake: one module an endpoint, each with its checks and its answer, and the table of them."""
