"""The partitions: one per evaluation. New folders become partitions through the sensor or a command."""

from dagster import DynamicPartitionsDefinition

evaluations = DynamicPartitionsDefinition(name="evaluations")
