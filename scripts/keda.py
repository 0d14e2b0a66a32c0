"""KEDA's ScaledObject, as far as ours goes; a field that is not here is refused.

Source: keda.sh/docs/2.20, "ScaledObject specification" and "Redis Lists".
"""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

Count = Annotated[int, Meta(ge=0)]
Digits = Annotated[str, Meta(pattern=r"^[0-9]+$")]


class _Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """A part of one."""


class Metadata(_Part, frozen=True, kw_only=True):
    """Its name and labels."""

    name: str
    namespace: str = ""
    labels: dict[str, str] = {}


class Target(_Part, frozen=True, kw_only=True):
    """What is scaled."""

    name: str
    api_version: Literal["apps/v1"] = "apps/v1"
    kind: Literal["Deployment", "StatefulSet"] = "Deployment"


class Fallback(_Part, frozen=True, kw_only=True):
    """How many there are when the trigger can not be asked."""

    failure_threshold: Count
    replicas: Count


class Policy(_Part, frozen=True, kw_only=True):
    """How fast."""

    type: Literal["Pods", "Percent"]
    value: Annotated[int, Meta(gt=0)]
    period_seconds: Annotated[int, Meta(gt=0, le=1800)]


class Rules(_Part, frozen=True, kw_only=True):
    """How fast one way."""

    stabilization_window_seconds: Annotated[int, Meta(ge=0, le=3600)]
    policies: Annotated[tuple[Policy, ...], Meta(min_length=1)]
    select_policy: Literal["Max", "Min", "Disabled"] = "Max"


class Behavior(_Part, frozen=True, kw_only=True):
    """How fast either way."""

    scale_up: Rules
    scale_down: Rules


class HorizontalPodAutoscalerConfig(_Part, frozen=True, kw_only=True):
    """What the autoscaler is told that KEDA makes."""

    behavior: Behavior


class Advanced(_Part, frozen=True, kw_only=True):
    """What KEDA calls so."""

    horizontal_pod_autoscaler_config: HorizontalPodAutoscalerConfig


class RedisList(_Part, frozen=True, kw_only=True):
    """What the trigger watches; KEDA takes numbers as text."""

    address: Annotated[str, Meta(pattern=r"^[a-z0-9.-]+:[0-9]+$")]
    list_name: str
    list_length: Digits
    database_index: Digits = "0"


class Trigger(_Part, frozen=True, kw_only=True):
    """Why there are more."""

    type: Literal["redis"]
    metadata: RedisList


class Spec(_Part, frozen=True, kw_only=True):
    """How many there are, and when."""

    scale_target_ref: Target
    polling_interval: Count
    cooldown_period: Count
    min_replica_count: Count
    max_replica_count: Count
    fallback: Fallback
    advanced: Advanced
    triggers: Annotated[tuple[Trigger, ...], Meta(min_length=1)]


class ScaledObject(_Part, frozen=True, kw_only=True):
    """The object."""

    API_VERSION: ClassVar = "keda.sh/v1alpha1"

    api_version: Literal["keda.sh/v1alpha1"]
    kind: Literal["ScaledObject"]
    metadata: Metadata
    spec: Spec
