"""What is judged by eyes: the thresholds, and the verdict of a picture by what is seen in it."""
