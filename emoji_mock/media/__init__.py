"""Pictures inspected, portraits drawn, videos made. Knows nothing of the fake."""
