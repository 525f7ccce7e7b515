"""Validates a table against a Table Schema with frictionless; prints {"valid", "rows", "errors"} as JSON.

    valid.py TABLE SCHEMA
"""

import json
import os
import sys

from frictionless import Resource, Schema

table, schema_path = sys.argv[1:]
descriptor = json.load(open(schema_path, encoding="utf-8"))
# The published schema calls a date «default», and an address of the web a string: its own words are kept.
schema = Schema.from_descriptor({"fields": descriptor["fields"], "primaryKey": [descriptor["primaryKey"]]})
# It refuses a table named by an absolute path.
folder, name = os.path.split(table)
os.chdir(folder)
report = Resource(path=name, schema=schema).validate()
errors = [[error.type, error.note] for task in report.tasks for error in task.errors]
rows = sum(task.stats["rows"] for task in report.tasks)
print(json.dumps({"valid": report.valid, "rows": rows, "errors": errors[:20]}, ensure_ascii=False))
