"""The endpoints that inspect a portrait, one module per family of models."""
