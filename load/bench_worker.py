"""Child process of `measuring.py`: become one variant of a handler and report what it cost.

Arguments: `cold|warm`, the handler's module, the number of requests (warm only). Standard input, read when warm, is an
object of the `event` and what is `expected` of the answer. It prints one JSON line.
"""

import sys
import time

BATCHES = 20
"""Of warm requests; each is a sample."""


class Context:
    """What the handlers read of Lambda's context object."""

    function_name = "bench"
    function_version = "1"
    memory_limit_in_mb = 256
    invoked_function_arn = "arn:aws:lambda:eu-central-1:000000000000:function:bench"
    aws_request_id = "00000000-0000-4000-8000-000000000000"
    log_stream_name = "bench"
    log_group_name = "bench"


def main() -> None:
    """Import the handler; when warm, answer requests and measure processor time."""
    mode, module = sys.argv[1:3]
    imported = __import__(module, fromlist=["handler"])
    if mode == "cold":
        # Monotonic clocks agree between processes of one machine, so the parent subtracts its own reading.
        sys.stderr.write(f"{time.monotonic()}\n")
        return
    _serve(imported.handler, int(sys.argv[3]))


def _serve(handler, requests: int) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001  either variant's handler
    import json  # noqa: PLC0415  a cold sample must not pay for it

    job = json.loads(sys.stdin.read())
    event, expected = job["event"], job["expected"]
    for _ in range(requests // 10):
        _check(handler(event, Context()), expected)
    samples = []
    for _ in range(BATCHES):
        started = time.process_time()
        for _ in range(requests // BATCHES):
            _check(handler(event, Context()), expected)
        samples.append((time.process_time() - started) / (requests // BATCHES) * 1e6)
    sys.stderr.write(json.dumps(samples) + "\n")


def _check(answer: dict[str, object], expected: dict[str, object]) -> None:
    if not expected.items() <= answer.items():
        raise SystemExit(f"the handler answered {answer}")


if __name__ == "__main__":
    main()
