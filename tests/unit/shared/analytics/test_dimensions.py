from shared.analytics.dimensions import (
    GROUP_OF,
    GROUPS,
    METRICS,
    OF_NOBODY,
    OF_VISITS,
    PROPERTY_SEPARATOR,
    TOTAL,
    VISITORS,
)


def test_every_dimension_is_in_one_group() -> None:
    assert sorted(dimension for dimensions in GROUPS.values() for dimension in dimensions) == sorted(METRICS)
    assert GROUP_OF.keys() == METRICS.keys()


def test_distinct_visitors_are_the_last_metric_wherever_they_are_counted_but_in_the_total() -> None:
    last = {name for name, metrics in METRICS.items() if metrics[-1] == VISITORS}

    assert last == {name for name, metrics in METRICS.items() if VISITORS in metrics} - {TOTAL}
    assert METRICS[TOTAL] == (*OF_VISITS, OF_NOBODY)


def test_what_describes_a_visit_has_all_metrics_in_the_same_order() -> None:
    assert OF_VISITS == ("pageviews", "visits", "bounces", "duration", "events", "visitors")


def test_parts_of_a_property_are_joined_by_what_none_of_them_may_hold() -> None:
    assert PROPERTY_SEPARATOR == "\t"
