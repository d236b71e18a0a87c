"""The program with aiohttp, on uvloop, which looks names up by itself."""

import uvloop
from with_aiohttp import main

uvloop.run(main())
