"""A store that replicas share, on a Valkey server."""
