"""The rulebook's JSON Schema, made from the model, for editors and for other readers of the format.

Here belongs only what a schema can say: keys, types and words. The rest is found by `lint`.
"""

from fractions import Fraction
from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from evaluation.numbers import Amount, Operand
from evaluation.rulebook import Rulebook


class _Schema(GenerateJsonSchema):
    """Defaults are shown as they would be written; keys of Python are not shown."""

    def encode_default(self, dft: Any) -> Any:
        if isinstance(dft, Amount):
            return _written(dft.value, dft.share)
        if isinstance(dft, Operand):
            return dft.word or _written(dft.value, dft.percent)
        if isinstance(dft, Fraction):
            return _written(dft, percent=False)
        return super().encode_default(dft)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> dict[str, Any]:
        shown = super().default_schema(schema)
        if "default" in shown and (shown["default"] is None or isinstance(shown["default"], dict)):
            # Nothing, or a model whose own keys show their defaults.
            shown.pop("default")
        return shown

    def nullable_schema(self, schema: core_schema.NullableSchema) -> dict[str, Any]:
        """A key is written with a value or left out: nothing is ever null."""
        return self.generate_inner(schema["schema"])


def _written(number: Fraction, percent: bool) -> int | str:
    if percent:
        return f"{number * 100}%"
    return int(number) if number.denominator == 1 else str(number)


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of `rulebook.yaml`."""
    schema = Rulebook.model_json_schema(schema_generator=_Schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "rulebook.yaml"}
