"""Network conditions: faults and latency."""
