"""How long a message can live outside the table: what the ledger's own retention must exceed."""

QUEUE_DAYS = 4
"""In a worker's queue. A message keeps its first enqueue time when it moves to the dead-letter queue."""

DEAD_LETTER_DAYS = 14
"""In a dead-letter queue: the longest that SQS offers, and longer than in the queue, so that none expires unseen."""

ARCHIVE_DAYS = 30
"""In the bus's archive, from which it can be replayed."""
