"""Text and bytes in their encodings: read through them, and find secrets in them."""
