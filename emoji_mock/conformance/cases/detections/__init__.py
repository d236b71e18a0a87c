"""Cases of detections: the outcomes of valid requests, and the mistakes of invalid ones."""
