"""The API of a test: set the answers of the fake, assert the calls. Independent of any test runner."""
