"""What the interceptors of httpx and httpx2 share; the two libraries differ only in their name. Imports neither."""
