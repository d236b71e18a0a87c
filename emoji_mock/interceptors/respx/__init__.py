"""The fake as a respx router."""

from emoji_mock.interceptors.respx.router import FakeRoute, FakeRouter, router

__all__ = ["FakeRoute", "FakeRouter", "router"]
