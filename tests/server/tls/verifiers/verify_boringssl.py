"""Print for each host whether curl_cffi accepts its certificate: PROXY_PORT CA_PEM HOST..."""

import sys

from curl_cffi import requests

proxy_port, authority, *hosts = sys.argv[1:]
for host in hosts:
    url = f"https://{f'[{host}]' if ':' in host else host}/"
    try:
        requests.get(url, proxies={"https": f"http://127.0.0.1:{proxy_port}"}, verify=authority, timeout=10)
    except requests.RequestsError as error:
        print(f"{host}\t{error}")
    else:
        print(f"{host}\taccepted")
