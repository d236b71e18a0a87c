"""The endpoints that create tasks, one module per family of models."""
