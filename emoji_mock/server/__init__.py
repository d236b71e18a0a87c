"""The fake on a socket: uvicorn in front, FastAPI for the manual and the control API."""
