"""Random evaluations from files in inboxes to published tables, by `kaohe evaluate`, against the oracle.

`KAOHE_FILED` is how many (default 1, always the same): each runs the whole job for two years, which takes seconds.
"""

from __future__ import annotations

import os

import pytest
from answers import apart
from click.testing import CliRunner
from filed import fileable, filed, published
from hypothesis import HealthCheck, Phase, given, settings
from oracle import evaluate
from oracle_inputs import Inputs
from strategies import evaluations

from orchestration.cli import main
from resources.home import Home

EXAMPLES = int(os.environ.get("KAOHE_FILED", "1"))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="KAOHE_FILED" not in os.environ,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(evaluations().map(fileable).filter(lambda inputs: len(inputs.figures) > 3))
def test_what_is_filed_is_published_as_the_oracle_scores_it(
    tmp_path_factory: pytest.TempPathFactory, inputs: Inputs
) -> None:
    with pytest.MonkeyPatch.context() as environment:
        path = tmp_path_factory.mktemp("filed") / "home"
        environment.setenv("KAOHE_HOME", str(path))
        home = Home(path)
        for evaluation in filed(home, inputs):
            result = CliRunner().invoke(main, ["evaluate", evaluation])
            assert isinstance(result.exception, SystemExit | None), (
                result.exception
            )  # a fault of the program exits 1 too
            assert result.exit_code < 2, result.output
        assert apart(evaluate(inputs), published(home)) == []
