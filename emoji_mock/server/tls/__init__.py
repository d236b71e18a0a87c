"""Certificates for the vendor's hosts, and TLS on accepted connections."""
