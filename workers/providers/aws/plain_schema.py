"""The JSON schema of a struct without references, which not every model can follow."""

from typing import Any

import msgspec


def plain_schema(form: type) -> dict[str, Any]:
    """Forms are trees: one that contains itself has no such schema."""
    (schema,), parts = msgspec.json.schema_components([form], ref_template="{name}")
    plain = _plain(schema, parts)
    if not isinstance(plain, dict):
        raise TypeError("a struct's schema is an object")
    return plain


def _plain(schema: Any, parts: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_plain(one, parts) for one in schema]
    if not isinstance(schema, dict):
        return schema
    # What a struct's docstring says is for us.
    part = {name: said for name, said in parts.get(schema.get("$ref", ""), {}).items() if name != "description"}
    whole = {name: _plain(one, parts) for name, one in {**part, **schema}.items() if name not in ("title", "$ref")}
    return {"type": "string", **whole} if "enum" in whole else whole
