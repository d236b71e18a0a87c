"""Inspect pictures, draw portraits, make videos. Imports nothing of the fake, which gets these functions injected."""
