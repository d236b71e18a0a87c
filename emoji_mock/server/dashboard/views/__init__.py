"""What each region of the page shows: pure functions of the fake to plain values, which the templates render."""
