"""Cases of tasks that make videos: their creation, their states, and the finished file."""
