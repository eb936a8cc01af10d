#!/usr/bin/python3
"""Checks reports against docs/report.schema.json: check_schema.py REPORT…

Of a page, the JSON in it is checked. A key that the schema doesn't name is an error here, though not for readers of
the schema: new keys may come at any time, but documented.
"""

import json
import os
import sys

import jsonschema

import made_up

SCHEMA = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "report.schema.json")


def strict(schema):
    """The schema with nothing allowed that it doesn't name."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: strict(value) for key, value in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        result.setdefault("additionalProperties", False)
    return result


def undescribed(schema, path=""):
    """Places of keys without a description."""
    for name, value in schema.get("properties", {}).items():
        if "description" not in value and "$ref" not in value:
            yield f"{path}/{name}"
    for key, value in schema.items():
        for index, one in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(one, dict):
                yield from undescribed(one, f"{path}/{key}" if not isinstance(value, list) else f"{path}/{key}/{index}")


def main(paths):
    with open(SCHEMA) as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    problems = [f"{place}: no description" for place in undescribed(schema)]
    validator = jsonschema.Draft202012Validator(strict(schema))
    for path in paths:
        with open(path) as file:
            text = file.read()
        report = made_up.report_of(text) if path.endswith(".html") else json.loads(text)
        for error in list(validator.iter_errors(report))[:20]:
            place = "/".join(str(part) for part in error.absolute_path)
            problems.append(f"{path}: {place}: {error.message[:300]}")
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
