"""uvicorn's protocol over one connection, with shortcuts below ASGI, and what plays faults on it."""
