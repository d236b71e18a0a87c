"""Network conditions: faults, latency, and what goes over the wire."""
