"""A route of the control API: its summary is what its docstring says first, and what it does not take is refused."""

from collections.abc import Callable, Coroutine
from inspect import signature
from re import split
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from emoji_mock.server.control.problems import BadInputError


class ControlRoute(APIRoute):
    """A route that refuses query parameters which it does not take: `?namspace=` would mean everyone."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:  # noqa: ANN401 - FastAPI's own
        settings["summary"] = settings.get("summary") or split("[;:.]", endpoint.__doc__ or "", maxsplit=1)[0]
        super().__init__(path, endpoint, **settings)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request, behind a look at the names of its parameters."""
        answer, known = super().get_route_handler(), self._parameters()

        async def look(request: Request) -> Response:
            for name in request.query_params:
                if name not in known:
                    told = f"there are {', '.join(known)}" if known else "this page takes none"
                    raise BadInputError(name, f"no such parameter; {told}")
            return await answer(request)

        return look

    def _parameters(self) -> list[str]:
        return [
            name
            for name, parameter in signature(self.endpoint).parameters.items()
            if parameter.annotation is not Request and f"{{{name}}}" not in self.path
        ]
