"""The OpenAPI description of the vendor's routes, with examples."""
