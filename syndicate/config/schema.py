"""The JSON Schema of config.yaml, for editors."""

from typing import Any

from syndicate.config.models import ConfigModel


def config_schema() -> dict[str, Any]:
    """Return the schema, draft 2020-12."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **ConfigModel.model_json_schema()}
