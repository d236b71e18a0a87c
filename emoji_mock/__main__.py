"""`python -m emoji_mock` is `emoji-mock`."""

import sys

from emoji_mock.cli.main import main

sys.exit(main())
