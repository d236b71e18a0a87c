"""Let other mockers that start after the fake answer what they have an answer for, and the fake all other calls.

What started before the fake is not asked: the interceptors stand above it. `INTERNALS` names what of each tool is used.
"""

INTERNALS = {
    "responses": ("RequestsMock._on_request", "RequestsMock.passthru_prefixes"),
    "requests_mock": ("Adapter.send", "NoMockAddress"),
    "pytest_httpx": ("HTTPXMock._get_callback",),
    "aioresponses.core": ("aioresponses._matches", "RequestMatch.match", "normalize_url", "merge_params"),
    "pook": ("Engine.match", "exceptions.PookNoMatches"),
    "vcr.cassette": ("Cassette.filter_request", "Cassette.can_play_response_for", "Cassette._load", "Cassette.append"),
}
