"""Ways in to the fake inside the process, one for each HTTP library: translate a request, ask, translate the reply."""
