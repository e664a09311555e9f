"""The embedded AWS's queues, looked at from outside: nothing is received, so nothing is hidden or counted."""

import json
import urllib.request


def oldest_messages(endpoint_url: str) -> dict[str, float]:
    """Return when the oldest message of each queue was sent, in seconds since the epoch, by the queue's name."""
    with urllib.request.urlopen(f"{endpoint_url}/_ministack/sqs/messages", timeout=10) as answer:  # noqa: S310  ours
        accounts = json.load(answer)["messages"]
    return {
        url.rpartition("/")[2]: min(float(message["SentTimestamp"]) for message in messages)
        for regions in accounts.values()
        for queues in regions.values()
        for url, messages in queues.items()
        if messages
    }
