"""All thresholds of the verdict, in one place; docs/explanations/verdict.md explains them."""

from emoji_mock.contract.endpoint import TASK_QPS

PROMPT_SECONDS = 0.1
"""An answer that was delayed longer may have come after the caller's timeout. It counts only if the caller waited."""
LATE_SECONDS = 10.0
"""A caller need not retry after an answer that was delayed longer."""
RETRY_SECONDS = 60.0
"""A request that comes later than this after an answer is not a retry of it."""
# A caller with full jitter from half a second on stays below these by chance once in 10,000 times: with waits from 0 to
# 0.5, 1, 2 … s, that is the product of NO_WAIT / bound for all of them, and about the same for SAME_WAIT.
NO_WAIT = {2: 0.007, 3: 0.046, 4: 0.141, 5: 0.3}
"""Number of waits in a row -> seconds; if all are shorter, there is no backoff. 5 includes more waits."""
SAME_WAIT = {2: 0.00005, 3: 0.008, 4: 0.058, 5: 0.15}
"""Likewise the seconds by which the shortest and the longest of equal waits may differ."""
SAME_SHARE = 0.1
"""They must also differ by no more than this share of the longest."""
PACE = (1.0, 1.05)
"""Waits in this range of seconds are not a backoff but the vendor's documented pace: one request a second."""
STORM_ATTEMPTS, STORM_SECONDS = 10, 2.0
"""So many attempts within so many seconds are a retry storm."""
POLICY_STORM_ATTEMPTS = 50
"""The same for getPolicy: each picture needs one, and several uploads may be in progress."""
OUTAGE_SECONDS = 300.0
"""For so long after an outage that was met with retries, one more attempt is enough to see whether it continues."""
EARLY_SECONDS = 0.05
"""A caller may be so early for `Retry-After`."""
LONG_RETRY_AFTER = 30.0
"""After a longer `Retry-After`, in seconds, giving up is reasonable."""
NO_TIMEOUT_SECONDS = 60.0
"""A caller that waits so long for an answer has no sufficient read timeout."""
POLLS, POLL_SECONDS = 5, 0.9
"""So many polls of one task, on average less than so many seconds apart, are too fast; one a second is allowed."""
TASK_REQUESTS = TASK_QPS
"""Requests about tasks that the vendor accepts from an account in a second."""
