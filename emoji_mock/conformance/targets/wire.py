"""Send requests over a real connection with httpx2: raw bytes, bounded, and no header beyond those of the case."""

from __future__ import annotations

from functools import partial

try:
    import httpx2
except ModuleNotFoundError as error:
    from emoji_mock.conformance.targets.target import TargetError

    raise TargetError("a target at a URL needs httpx2: pip install 'emoji-mock[client]'") from error

from emoji_mock._support.deadlines import DeadlinePassedError, run_within
from emoji_mock.conformance.targets.target import NoAnswerError, TargetError
from emoji_mock.contract.exchange import Request, Response
from emoji_mock.contract.hosts import is_vendor_host

ANSWER_LIMIT = 1024 * 1024
"""The longest body that is read, in bytes."""
SECONDS = 60.0
"""The longest time that an exchange may take."""


class Wire:
    """A connection to `root`. Uses proxies of the environment only with `from_environment`.

    A `live` service may name an upload host of the vendor's, to which requests then go.
    """

    def __init__(self, root: str, *, live: bool, from_environment: bool) -> None:
        self._root = httpx2.URL(root)
        self._live = live
        self._from_environment = from_environment
        self._client: httpx2.Client | None = None

    def _connected(self) -> httpx2.Client:
        if self._client is None:  # created when needed: it loads all certificates of the system
            timeout = httpx2.Timeout(SECONDS, connect=10.0)
            self._client = httpx2.Client(follow_redirects=False, timeout=timeout, trust_env=self._from_environment)
        return self._client

    def send(self, request: Request) -> Response:
        """Return the answer to `request`. Raises NoAnswerError, and TargetError if the connection fails."""
        try:
            # The timeouts begin again with each byte: a head may drip, and `100 Continue` come without end.
            return run_within(SECONDS, partial(self._exchange, request))
        except DeadlinePassedError:
            self._client = None  # its connection is still in use
            raise NoAnswerError(f"the answer takes more than {SECONDS:.0f} s") from None

    def _exchange(self, request: Request) -> Response:
        client = self._connected()
        sent = httpx2.Request(
            request.method,
            self._url(request.target),
            headers=[*request.headers, ("accept", "application/json"), ("accept-encoding", "identity")],
            content=request.body or None,
            extensions={"timeout": client.timeout.as_dict()},
        )
        client.cookies.clear()
        try:
            answer = client.send(sent, stream=True, auth=None)
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            advice = "start the server, or name another target"
            raise TargetError(f"no connection to {self._root}: {error}; {advice}", unreachable=True) from None
        except httpx2.HTTPError as error:
            raise NoAnswerError(f"{type(error).__name__}: {error}") from None
        try:
            body = self._read(answer)
        except httpx2.HTTPError as error:
            raise NoAnswerError(f"{type(error).__name__}: {error}") from None
        finally:
            answer.close()
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers.raw)
        return Response(answer.status_code, headers, body)

    def _url(self, target: str) -> httpx2.URL:
        if target.startswith("/"):
            return self._root.copy_with(raw_path=(self._root.path.rstrip("/") + target).encode())
        try:
            url = httpx2.URL(target)  # the storage, at the URL that the server has given
        except httpx2.InvalidURL as error:
            raise NoAnswerError(f"not a URL: {error}") from None
        same = (url.scheme, url.host, url.port) == (self._root.scheme, self._root.host, self._root.port)
        if not same and not (self._live and url.scheme == "https" and is_vendor_host(url.host)):
            raise NoAnswerError(f"the server names another host, {url.host}: nothing was sent there")
        return url

    def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            self._client.close()

    @staticmethod
    def _read(answer: httpx2.Response) -> bytes:
        body = bytearray()
        for part in answer.iter_raw():
            body += part
            if len(body) > ANSWER_LIMIT:
                raise NoAnswerError(f"the answer has more than {ANSWER_LIMIT} bytes")
        return bytes(body)
