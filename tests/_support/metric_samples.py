"""What is on a page of metrics, as Prometheus reads it."""

from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text

OPENMETRICS = "application/openmetrics-text; version=1.0.0"


def families_of(page):
    """Return the families on a page, which is bytes and its media type."""
    content, media_type = page
    read = read_openmetrics if media_type.startswith("application/openmetrics-text") else read_text
    return list(read(content.decode()))


def samples_of(page, name):
    """Return the values of the samples of this name, each under its labels' values joined by blanks, in their order."""
    return {
        " ".join(sample.labels[label] or "-" for label in sorted(sample.labels)): sample.value
        for family in families_of(page)
        for sample in family.samples
        if sample.name == f"emoji_mock_{name}"
    }


def one_sample(page, name):
    """Return the value of the only sample of this name, or None if there is none."""
    values = list(samples_of(page, name).values())
    assert len(values) < 2
    return values[0] if values else None
