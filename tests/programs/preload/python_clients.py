"""Call the vendor's host by every HTTP client of Python; print what each got, in JSON. Nothing here knows a fake."""

import asyncio
import json
import socket
import ssl
import urllib.request

HOST = "dashscope.aliyuncs.com"
URL = f"https://{HOST}/api/v1/tasks/1"
PLAIN_URL = f"http://{HOST}/api/v1/tasks/1"
REQUEST = f"GET / HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()
CLIENTS = {}


def client(function):
    """Add a client."""
    CLIENTS[function.__name__] = function
    return function


@client
def urllib_https():
    with urllib.request.urlopen(URL) as response:
        return response.read()


@client
def urllib_http():
    with urllib.request.urlopen(PLAIN_URL) as response:
        return response.read()


@client
def urllib3():
    import urllib3

    with urllib3.PoolManager() as pool:
        return pool.request("GET", URL).data


@client
def requests():
    import requests

    return requests.get(URL, timeout=20).content


@client
def httpx():
    import httpx

    return httpx.get(URL).content


@client
def httpx2():
    import httpx2

    return httpx2.get(URL).content


async def _httpx(module):
    async with module.AsyncClient() as client:
        return (await client.get(URL)).content


@client
def httpx_async():
    import httpx

    return asyncio.run(_httpx(httpx))


@client
def httpx2_async():
    import httpx2

    return asyncio.run(_httpx(httpx2))


@client
def httpx_on_trio():
    import httpx
    import trio

    return trio.run(_httpx, httpx)


@client
def httpx_on_uvloop():
    import httpx
    import uvloop

    return uvloop.run(_httpx(httpx))


async def _aiohttp():
    import aiohttp

    async with aiohttp.ClientSession() as session, session.get(URL) as response:
        return await response.read()


@client
def aiohttp():
    return asyncio.run(_aiohttp())


@client
def aiohttp_on_uvloop():
    import uvloop

    return uvloop.run(_aiohttp())


@client
def aiohttp_with_aiodns():
    import aiodns
    import aiohttp

    async def call():
        connector = aiohttp.TCPConnector(resolver=aiohttp.AsyncResolver())
        async with aiohttp.ClientSession(connector=connector) as session, session.get(URL) as response:
            return await response.read()

    assert aiodns
    return asyncio.run(call())


async def _streams():
    reader, writer = await asyncio.open_connection(HOST, 443, ssl=True)
    writer.write(REQUEST)
    answer = await reader.read()
    writer.close()
    return answer


@client
def asyncio_streams():
    return asyncio.run(_streams())


@client
def asyncio_streams_on_uvloop():
    import uvloop

    return uvloop.run(_streams())


async def _anyio():
    import anyio

    answer = b""
    async with await anyio.connect_tcp(HOST, 443, tls=True, tls_standard_compatible=False) as stream:
        await stream.send(REQUEST)
        async for part in stream:
            answer += part
            if answer.endswith(b"}}"):
                break
    return answer


@client
def anyio():
    import anyio

    return anyio.run(_anyio)


@client
def anyio_on_trio():
    import anyio
    import trio

    assert trio
    return anyio.run(_anyio, backend="trio")


@client
def anyio_on_uvloop():
    import anyio
    import uvloop

    assert uvloop
    return anyio.run(_anyio, backend_options={"use_uvloop": True})


def _read(connection):
    connection.sendall(REQUEST)
    with connection.makefile("rb") as file:
        return file.read()


@client
def socket_by_name():
    with socket.socket() as connection:
        connection.connect((HOST.upper() + ".", 80))
        return _read(connection)


@client
def socket_by_gethostbyname():
    with socket.create_connection((socket.gethostbyname(HOST), 80)) as connection:
        return _read(connection)


@client
def socket_connect_ex():
    with socket.socket() as connection:
        assert connection.connect_ex((socket.gethostbyname_ex(HOST)[2][0], 80)) == 0
        return _read(connection)


@client
def ssl_after_lookup_without_port():
    address = socket.getaddrinfo(HOST.encode(), None, type=socket.SOCK_STREAM)[0][4][0]
    with ssl.create_default_context().wrap_socket(socket.socket(), server_hostname=HOST) as connection:
        connection.connect((address, 443))
        return _read(connection)


@client
def ssl_of_certifi():
    import certifi

    context = ssl.create_default_context(cafile=certifi.where())
    context.load_verify_locations(cadata=certifi.contents())
    with urllib.request.urlopen(URL, context=context) as response:
        return response.read()


@client
def ssl_of_truststore():
    import truststore

    with urllib.request.urlopen(URL, context=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)) as response:
        return response.read()


CALL = {
    "model": "emoji-detect-v1",
    "input": {"image_url": "https://example.com/me.png"},
    "task_group": "aigc",
    "task": "image2video",
    "function": "face-detect",
}


@client
def sdk():
    from dashscope.client.base_api import BaseApi

    return json.dumps({"output": BaseApi.call(**CALL).output})


@client
def sdk_async():
    import dashscope
    from dashscope.client.base_api import BaseAioApi

    async def call():
        try:
            return json.dumps({"output": (await BaseAioApi.call(**CALL)).output})
        finally:
            await dashscope.close_shared_aio_session()

    return asyncio.run(call())


def _got(call):
    try:
        answer = call()
    except ImportError as error:
        return f"not installed: {error.name}"
    except Exception as error:  # noqa: BLE001 - a test compares what each client got
        return repr(error)
    body = answer if isinstance(answer, str) else answer.decode().rpartition("\r\n\r\n")[2]
    return json.loads(body)["output"]


print(json.dumps({name: _got(call) for name, call in CLIENTS.items()}))
