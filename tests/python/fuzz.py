"""Asks an API thousands of questions made from its own document with schemathesis.

    fuzz.py BASE SEED EXAMPLES

Prints how many requests were sent to how many operations; a failure is printed with its curl command. The
address of the document itself is left out: schemathesis reads it, and asks it nothing.

Every check of schemathesis runs but these, for what HTTP or the contract of the API itself forces:
- positive_data_acceptance: a code may have the form of a territory's and be no territory of this atlas, a
  `bbox` may have its corners reversed, an attribute may be none of the layer's: JSON Schema cannot say so;
- ignored_auth, object_level_authorization, use_after_free, ensure_resource_availability: nothing is
  protected, made or deleted;
- missing_required_header: no header is required.

One worker: CPython 3.11 loses count of its depth when two threads parse at once (python/cpython#106905), and
Hypothesis parses.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

base, seed, examples = sys.argv[1:]
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
]
with tempfile.TemporaryDirectory() as folder:
    report = Path(folder, "report.json")
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "run", f"{base}/api/openapi.json",
        "--checks", ",".join(CHECKS), "--seed", seed, "--max-examples", examples, "--workers", "1",
        "--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--no-shrink",
        "--request-timeout", "30", "--warnings", "off", "--suppress-health-check", "all",
        "--report", "json", "--report-json-path", str(report),
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    found = json.loads(report.read_text()) if report.exists() else {}
if done.returncode != 0 or not found.get("complete"):
    sys.exit(done.stdout[-12000:] + done.stderr[-4000:])
rates = [phase for phases in found["valid_rates"].values() for phase in phases.values()]
print(json.dumps({
    "requests": found["test_cases"]["generated"],
    "without_checks": found["test_cases"]["without_checks"],
    "accepted": sum(rate["accepted"] for rate in rates),
    "operations": found["operations"]["tested"],
    "seconds": round(found["running_time"]),
}))
