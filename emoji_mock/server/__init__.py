"""Serve the fake over HTTP: uvicorn, and FastAPI for the manual and the control API."""
