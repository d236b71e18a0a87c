"""Print for each host whether its certificate is accepted: PROXY_PORT CA_PEM HOST... By the rules of Python 3.13."""

import socket
import ssl
import sys

proxy_port, authority, *hosts = sys.argv[1:]
context = ssl.create_default_context(cafile=authority)
context.verify_flags |= ssl.VERIFY_X509_STRICT
context.set_alpn_protocols(["h2", "http/1.1"])
for host in hosts:
    with socket.create_connection(("127.0.0.1", int(proxy_port)), timeout=10) as plain:
        name = f"[{host}]" if ":" in host else host
        plain.sendall(f"CONNECT {name}:443 HTTP/1.1\r\n\r\n".encode())
        plain.recv(1000)
        try:
            with context.wrap_socket(plain, server_hostname=host) as secure:
                verdict = "accepted" if secure.selected_alpn_protocol() in {"http/1.1", None} else "h2"
        except OSError as error:
            verdict = str(error)
    print(f"{host}\t{verdict}")
