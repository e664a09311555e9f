"""The metrics that alarms look at, by the names that resources have; the alarm says over which period."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from infra.names import API_STAGE, Names
from shared.observability.lines import NAMESPACE
from shared.table import keys

Metric = cloudwatch.Metric | cloudwatch.MathExpression

TABLE_OPERATIONS = ("BatchGetItem", "DeleteItem", "GetItem", "PutItem", "Query", "TransactWriteItems", "UpdateItem")
"""What functions do with the table: DynamoDB counts its own failures by operation, and not in sum."""

PIXEL = "/api/analytics/pixel.gif"
"""The path whose requests API Gateway accepts by itself."""

_ANSWERED = "FILL(pixels, 0) - FILL(refused, 0) - FILL(failed, 0)"
_SUM, _MAXIMUM, _P99 = "Sum", "Maximum", "p99"


class Metrics:
    """Metrics of one stage.

    Parameters
    ----------
    names
        The names of the stage's resources.
    """

    def __init__(self, names: Names) -> None:
        self._names = names

    def waiting(self, queue: str) -> Metric:
        """Return the messages in a queue that nobody has received."""
        return _metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", _MAXIMUM, QueueName=queue)

    def oldest(self, queue: str) -> Metric:
        """Return the age in seconds of a queue's oldest message."""
        return _metric("AWS/SQS", "ApproximateAgeOfOldestMessage", _MAXIMUM, QueueName=queue)

    def function(self, function: str, name: str) -> Metric:
        """Return a count of Lambda's, such as `Errors`, of a function by its short name."""
        return _metric("AWS/Lambda", name, _SUM, FunctionName=self._names.function(function))

    def duration(self, function: str) -> Metric:
        """Return the milliseconds within which 99 of 100 invocations end."""
        return _metric("AWS/Lambda", "Duration", _P99, FunctionName=self._names.function(function))

    def crashes(self, authorizer: str) -> Metric:
        """Return an authorizer's errors other than refusals, which it must raise as errors."""
        return cloudwatch.MathExpression(
            expression="errors - FILL(denied, 0)",
            label="Crashes",
            using_metrics={"errors": self.function(authorizer, "Errors"), "denied": self.own(authorizer, "Denied")},
        )

    def own(self, function: str, name: str, statistic: str = _SUM, **dimensions: str) -> Metric:
        """Return a metric that a function writes itself, into its log; `schemas.metrics` lists them."""
        return _metric(NAMESPACE, name, statistic, service=function, **dimensions)

    def certificate(self, arn: str) -> Metric:
        """Return the days until a certificate expires."""
        return _metric("AWS/CertificateManager", "DaysToExpiry", "Minimum", CertificateArn=arn)

    def unapplied(self, *, accepting: tuple[tuple[str, str], ...], applying: str, pixel: str = "") -> Metric:
        """Return the percentage of what functions accepted that another neither applied nor rejected.

        `accepting` are the functions, each with the metric that counts what it accepted. `pixel` is a path whose
        requests API Gateway accepts by itself: those that it did not fail.

        A duplicate is a request that was repeated with the same key: accepted twice, applied once.
        """
        accepted: dict[str, cloudwatch.IMetric] = {
            f"accepted{place}": self.own(*found) for place, found in enumerate(accepting)
        }
        terms = [f"FILL({name}, 0)" for name in accepted]
        if pixel:
            accepted |= self._answers(pixel)
            terms.append(_ANSWERED)
        total = f"({' + '.join(terms)})"
        done = "FILL(applied, 0) + FILL(duplicate, 0) + FILL(rejected, 0)"
        return cloudwatch.MathExpression(
            expression=f"IF({total} > 0, 100 * ({total} - ({done})) / {total}, 0)",
            label="Percent not applied",
            using_metrics={
                **accepted,
                "applied": self.own(applying, "Applied"),
                "duplicate": self.own(applying, "Duplicate"),
                "rejected": self.own(applying, "Rejected"),
            },
        )

    def answered(self, pixel: str) -> Metric:
        """Return the requests for a path that API Gateway accepted by itself."""
        return cloudwatch.MathExpression(expression=_ANSWERED, label="Pixels", using_metrics=self._answers(pixel))

    def used(self, function: str, memory: int) -> Metric:
        """Return the GB-seconds that a function of so many MiB used."""
        return cloudwatch.MathExpression(
            expression=f"{function}_duration * {memory} / 1024 / 1000",
            label=function,
            using_metrics={
                # One id in all of a graph.
                f"{function}_duration": _metric(
                    "AWS/Lambda", "Duration", _SUM, FunctionName=self._names.function(function)
                )
            },
        )

    def concurrent(self, function: str) -> Metric:
        """Return how often a function ran at once, at most."""
        return _metric("AWS/Lambda", "ConcurrentExecutions", _MAXIMUM, FunctionName=self._names.function(function))

    def in_flight(self, queue: str) -> Metric:
        """Return the messages of a queue that a worker has and did not delete."""
        return _metric("AWS/SQS", "ApproximateNumberOfMessagesNotVisible", _MAXIMUM, QueueName=queue)

    def consumed(self, verb: str) -> Metric:
        """Return the table's `Read` or `Write` capacity units."""
        return _metric("AWS/DynamoDB", f"Consumed{verb}CapacityUnits", _SUM, TableName=self._names.table)

    def failures(self, errors: str) -> Metric:
        """Return the API's answers with `4XXError` or `5XXError`."""
        return self._api(errors, _SUM)

    def percentile(self, statistic: str) -> Metric:
        """Return the milliseconds within which a share of requests, such as `p50`, is answered."""
        return self._api("Latency", statistic)

    def charges(self) -> Metric:
        """Return what AWS estimates the account's month to cost so far; it is kept in one region only."""
        return cloudwatch.Metric(
            namespace="AWS/Billing", metric_name="EstimatedCharges", statistic=_MAXIMUM, region="us-east-1",
            dimensions_map={"Currency": "USD"}, period=Duration.hours(6), label="Account, month to date",
        )  # fmt: skip

    def requests(self) -> Metric:
        """Return the API's requests."""
        return self._api("Count", _SUM)

    def latency(self) -> Metric:
        """Return the milliseconds within which 99 of 100 requests are answered."""
        return self._api("Latency", _P99)

    def share(self, errors: str, *, least: int) -> Metric:
        """Return the percentage of requests with `4XXError` or `5XXError`, 0 where there are fewer than `least`."""
        return cloudwatch.MathExpression(
            expression=f"IF(errors >= {least}, 100 * errors / requests, 0)",
            label=f"Percent {errors}",
            using_metrics={"errors": self._api(errors, _SUM), "requests": self.requests()},
        )

    def concurrency(self) -> Metric:
        """Return the percentage of the account's concurrent invocations that is in use."""
        usage = _metric(
            "AWS/Usage", "ResourceCount", _MAXIMUM, Class="None", Resource="ConcurrentExecutions", Service="Lambda",
            Type="Resource",
        )  # fmt: skip
        return cloudwatch.MathExpression(
            expression="100 * usage / SERVICE_QUOTA(usage)", label="Percent of quota", using_metrics={"usage": usage}
        )

    def table_throttles(self) -> Metric:
        """Return the throttled reads and writes of the table and its indexes, which DynamoDB counts apart."""
        indexes = {index.lower(): {"GlobalSecondaryIndexName": index} for index in keys.INDEXES}
        dimensions: dict[str, dict[str, str]] = {"table": {}, **indexes}
        return _total(
            "Throttled",
            {
                f"{of}_{verb.lower()}s": _metric(
                    "AWS/DynamoDB", f"{verb}ThrottleEvents", _SUM, TableName=self._names.table, **more
                )
                for of, more in dimensions.items()
                for verb in ("Read", "Write")
            },
        )

    def table_errors(self) -> Metric:
        """Return the requests to the table that failed inside DynamoDB."""
        return _total(
            "Failed",
            {
                operation[0].lower() + operation[1:]: _metric(
                    "AWS/DynamoDB", "SystemErrors", _SUM, TableName=self._names.table, Operation=operation
                )
                for operation in TABLE_OPERATIONS
            },
        )

    def reputation(self, rate: str) -> Metric:
        """Return `BounceRate` or `ComplaintRate` of the account's mails, from 0 to 1."""
        return _metric("AWS/SES", f"Reputation.{rate}", _MAXIMUM)

    def _answers(self, path: str) -> dict[str, cloudwatch.IMetric]:
        where = {"ApiName": self._names.api, "Stage": API_STAGE, "Method": "GET", "Resource": path}
        counts = {"pixels": "Count", "refused": "4XXError", "failed": "5XXError"}
        return {of: _metric("AWS/ApiGateway", name, _SUM, **where) for of, name in counts.items()}

    def _api(self, name: str, statistic: str) -> cloudwatch.Metric:
        return _metric("AWS/ApiGateway", name, statistic, ApiName=self._names.api, Stage=API_STAGE)


def _metric(namespace: str, name: str, statistic: str, **dimensions: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace, metric_name=name, statistic=statistic, dimensions_map=dimensions or None
    )


def _total(label: str, metrics: dict[str, cloudwatch.Metric]) -> cloudwatch.MathExpression:
    # A sum with a gap in it is a gap, and these metrics have values only where something went wrong.
    terms = " + ".join(f"FILL({name}, 0)" for name in metrics)
    return cloudwatch.MathExpression(expression=terms, label=label, using_metrics=dict(metrics))
