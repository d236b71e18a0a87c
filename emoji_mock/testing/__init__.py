"""What a test says of the fake: how it answers, and what must have been asked. No test runner is known here."""
