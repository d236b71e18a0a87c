"""The parts of uvicorn that the shortcut uses exist."""

import inspect

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from emoji_mock.server.connection import Connection
from emoji_mock.server.protocol import PARTS, DirectProtocol


def test_uvicorn_still_has_the_parts_that_we_use():
    """Every attribute of uvicorn's protocol that the shortcut reads or calls exists."""
    source = inspect.getsource(HttpToolsProtocol)
    assert [part for part in PARTS if f"self.{part}" not in source and f"def {part}" not in source] == []
    assert "response_complete" in inspect.getsource(RequestResponseCycle)
    assert "write_paused" in inspect.getsource(inspect.getmodule(HttpToolsProtocol).FlowControl)


def test_the_callbacks_that_we_extend_are_uvicorns():
    """Each method that the shortcut overrides exists in uvicorn's class or in asyncio's, with the same parameters."""
    ours = {
        name: value
        for name, value in {**vars(Connection), **vars(DirectProtocol)}.items()
        if inspect.isfunction(value) and not name.startswith("_") and name != "play"  # which is ours alone
    }
    for name, method in ours.items():
        assert list(inspect.signature(method).parameters) == list(
            inspect.signature(getattr(HttpToolsProtocol, name)).parameters
        )
