"""The contract as a suite of cases that judges any server: the fake, a mock server, or the live service.

This module imports nothing, so that pytest can find the tests here without loading the suite.
"""
