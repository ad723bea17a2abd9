"""Names of values that Dagster's Helm chart knows, as far as `deploy/kubernetes/values.yaml` goes.

From the chart's schema (`helm/dagster/schema`, read at 1.13). ANY is an object of Kubernetes or of Dagster's own, which
the chart passes on as it is; a list has items of one kind.
"""

from __future__ import annotations

from typing import Any

ANY = "any"
IMAGE = {"repository": ANY, "tag": ANY, "pullPolicy": ANY}
SECRET = [{"name": ANY}]
DEPLOYMENT = {
    "name": ANY,
    "image": IMAGE,
    "port": ANY,
    "dagsterApiGrpcArgs": ANY,
    "codeServerArgs": ANY,
    "includeConfigInLaunchedRuns": {"enabled": ANY},
    "env": ANY,
    "envConfigMaps": SECRET,
    "envSecrets": SECRET,
    "volumes": ANY,
    "volumeMounts": ANY,
    "podSecurityContext": ANY,
    "securityContext": ANY,
    "resources": ANY,
}
RUN_K8S = {"containerConfig": ANY, "podSpecConfig": ANY, "podTemplateSpecMetadata": ANY, "jobSpecConfig": ANY}
LIMIT = [{"key": ANY, "limit": ANY, "value": {"applyLimitPerUniqueValue": ANY}}]
QUEUED = {"maxConcurrentRuns": ANY, "tagConcurrencyLimits": LIMIT, "dequeueIntervalSeconds": ANY}
CHART: dict[str, Any] = {
    "global": {"postgresqlSecretName": ANY, "dagsterHome": ANY, "serviceAccountName": ANY},
    "generatePostgresqlPasswordSecret": ANY,
    "dagsterWebserver": {"replicaCount": ANY, "enableReadOnly": ANY, "image": IMAGE},
    "dagster-user-deployments": {"enabled": ANY, "enableSubchart": ANY, "deployments": [DEPLOYMENT]},
    "postgresql": {
        "enabled": ANY,
        "postgresqlHost": ANY,
        "postgresqlUsername": ANY,
        "postgresqlDatabase": ANY,
        "postgresqlParams": ANY,
        "service": {"port": ANY},
    },
    "runLauncher": {
        "type": ANY,
        "config": {
            "k8sRunLauncher": {
                "imagePullPolicy": ANY,
                "loadInclusterConfig": ANY,
                "envSecrets": SECRET,
                "volumes": ANY,
                "volumeMounts": ANY,
                "runK8sConfig": RUN_K8S,
            }
        },
    },
    "dagsterDaemon": {
        "enabled": ANY,
        "image": IMAGE,
        "runCoordinator": {"enabled": ANY, "type": ANY, "config": {"queuedRunCoordinator": QUEUED}},
        "runMonitoring": {"enabled": ANY, "startTimeoutSeconds": ANY, "pollIntervalSeconds": ANY},
        "runRetries": {"enabled": ANY, "maxRetries": ANY, "retryOnAssetOrOpFailure": ANY},
        "envSecrets": SECRET,
    },
    "telemetry": {"enabled": ANY},
}


def unknown(values: Any, known: Any = CHART, place: str = "") -> list[str]:
    """Places in the values that the chart would not know."""
    if known == ANY:
        return []
    if isinstance(known, list):
        return [one for item in values for one in unknown(item, known[0], place)]
    if not isinstance(values, dict):
        return [place]
    wrong = [f"{place}.{name}" for name in values if name not in known]
    return wrong + [
        one for name in values if name in known for one in unknown(values[name], known[name], f"{place}.{name}")
    ]
