"""Where the verdict draws its lines, all in seconds or times; docs/verdict.md tells them."""

PROMPT = 0.1
"""An answer that was held back longer may have come after the caller's own timeout: it counts if the caller waited."""
LATE = 10.0
"""Nobody has to ask again after an answer that was held back longer."""
RETRY_SECONDS = 60.0
"""What is asked again later than this after an answer is no retry of it."""
# Full jitter that begins with up to half a second looks like this once in 10,000 times by chance: with waits from 0 to
# 0.5, 1, 2 … s, that is the product of NO_WAIT / bound for all of them, and about the same for SAME_WAIT.
NO_WAIT = {2: 0.007, 3: 0.046, 4: 0.141, 5: 0.3}
"""By the number of waits in a row, the seconds below which all of them are none; after more than 5, those of 5."""
SAME_WAIT = {2: 0.00005, 3: 0.008, 4: 0.058, 5: 0.15}
"""Likewise the seconds between the shortest and the longest of them within which they are the same."""
SAME_SHARE = 0.1
"""Nor may that be more than this share of the longest."""
PACE = (1.0, 1.05)
"""Waits from so many seconds to so many are no backoff but the pace that the vendor documents: one request a second."""
STORM_ATTEMPTS, STORM_SECONDS = 10, 2.0
"""So many attempts within so many seconds are a storm."""
PERMITS = 50
"""So many of getPolicy are one: each picture needs one, and several may be under way."""
OUTAGE_SECONDS = 300.0
"""So long after an outage that was met with retries, one more attempt is enough to see that it goes on."""
EARLY = 0.05
"""Seconds by which a caller may be early for `Retry-After`."""
LONG_PAUSE = 30.0
"""Seconds of `Retry-After` after which giving up is wise."""
ENDURED_SECONDS = 60.0
"""Whoever waits so long for an answer has no read timeout worth the name."""
POLLS, POLL_SECONDS = 5, 0.9
"""So many polls of one task, on average less than so many seconds apart, are too fast; one a second is fine."""
TASK_REQUESTS = 20
"""Requests about tasks that the vendor takes from an account in a second."""
