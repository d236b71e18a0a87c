"""What runs a plan: one class that blocks, and one that awaits. What to send and how to read it is in the plan."""
