"""Ways in to the fake, one for each HTTP library. A door takes a request, asks the fake, and gives back its reply."""
