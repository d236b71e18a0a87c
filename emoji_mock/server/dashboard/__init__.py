"""The page that `serve` shows at `/`: calls as they happen, and what the fake holds. Rendered here, without a build."""
