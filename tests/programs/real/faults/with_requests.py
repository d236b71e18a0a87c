"""A program with requests, which prints what it meets: `with_requests.py SECONDS HOME PICTURE...`."""

import os
import sys

import requests

seconds, home, *pictures = sys.argv[1:]
for picture in pictures:
    sent = {"model": "emoji-detect-v1", "input": {"image_url": picture}, "parameters": {"ratio": "1:1"}}
    key = {"Authorization": f"Bearer {os.environ['DASHSCOPE_API_KEY']}"}
    url = f"{home}/api/v1/services/aigc/image2video/face-detect"
    try:
        answer = requests.post(url, json=sent, headers=key, timeout=float(seconds))
    except requests.RequestException as error:
        print(type(error).__name__)
    else:
        print(answer.status_code, len(answer.content) > 100)
