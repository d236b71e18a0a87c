"""The vendor's announcements that models are retired."""

from datetime import datetime

from emoji_mock.contract.model import CHINA, Retirement
from emoji_mock.contract.rows.table import of_siblings

RETIRED_IN_2026 = Retirement(
    at=datetime(2026, 10, 10, tzinfo=CHINA),
    successor="qwen-image-2.0",
    provenance=of_siblings("D", "retire", "the answer of a retired model, 403 AccessDenied, is inferred"),
)
"""The detection models and liveportrait, with emoji-detect-v1 among them."""
VIDEOS_RETIRED_IN_2026 = Retirement(
    at=RETIRED_IN_2026.at, successor="wan2.7-r2v", provenance=RETIRED_IN_2026.provenance
)
"""The models that make videos."""
