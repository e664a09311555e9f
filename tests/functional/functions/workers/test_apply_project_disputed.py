from collections import Counter

from hypothesis import HealthCheck, Phase, given, settings

from shared.projects.project import Project
from tests.functional.functions.workers.project_bench import ProjectBench
from tests.functional.functions.workers.project_histories import Delivery, disputed
from tests.functional.functions.workers.project_model import Model
from tests.functional.functions.workers.project_traces import require_exact
from tests.unit.properties import reproducible

# The bench is made once and begins anew with each example: to start a worker takes longer than what it does.
one_bench = settings(reproducible, max_examples=40, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


@one_bench
@given(deliveries=disputed())
def test_whatever_is_delivered_gives_what_the_model_gives(bench: ProjectBench, deliveries: list[Delivery]) -> None:
    """Hold the worker against the model, delivery by delivery.

    Whatever comes (rivals for a version, stale and early commands, one slug for two projects, repetitions, the third
    early delivery that gives up), the ledger, the documents and the facts are those of the model, which applies the
    same deliveries one after the other.
    """
    bench.reset()
    model = Model()

    for detail, receive_count in deliveries:
        bench.deliver(detail, receive_count=receive_count)
        model.deliver(detail, receive_count=receive_count)

    assert bench.fates() == model.fates
    stored = {project_id: bench.get(project_id) for project_id in model.sheets}
    documents = {key: project.document for key, project in stored.items() if isinstance(project, Project)}
    assert documents == model.documents()
    assert Counter(bench.facts) == Counter(model.facts.keys())
    require_exact(bench)
