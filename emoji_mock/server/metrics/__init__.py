"""Metrics in the format of Prometheus, where a server is started with `--metrics`: nothing else imports its client."""
