"""Judges an API by its own document: the document by the specification, real answers by the document.

    openapi.py BASE

Prints what was judged; what fails stops it.
"""

import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request

from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

base = sys.argv[1]


def ask(address, method="GET", body=None):
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body, method=method)) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers, refusal.read()


status, headers, body = ask(f"{base}/api/openapi.json")
assert status == 200 and headers["Content-Type"] == "application/vnd.oai.openapi+json;version=3.1", headers
assert ask(f"{base}/api/openapi.json?f=json")[2] == body
document = json.loads(body)
OpenAPIV31SpecValidator(document).validate()
assert document["servers"] == [{"url": base}], document["servers"]


def judge(schema, instance, where):
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "components": document["components"]}
    errors = list(Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(instance))
    assert not errors, f"{where}: {errors[0].json_path}: {errors[0].message[:300]}"


def resolve(node):
    while "$ref" in node:
        found = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def written(parameter):
    """How the example of a parameter is written in an address."""
    example = parameter["example"]
    return ",".join(str(one) for one in example) if isinstance(example, list) else str(example)


# Every operation answers its example, as it says, and its parameters' examples are those of it.
operations = bodies = parameters = 0
for path, methods in document["paths"].items():
    for method, operation in methods.items():
        where = operation["operationId"]
        curl = operation["x-codeSamples"][0]["source"]
        address = re.fullmatch(r"curl (?:--data-binary @perimetre.geojson )?'([^']+)'", curl)[1]
        posted = None
        if "requestBody" in operation:
            (content,) = operation["requestBody"]["content"].values()
            example = resolve(content["schema"])["examples"][0]
            judge(content["schema"], example, where)
            posted = json.dumps(example).encode()
        status, headers, body = ask(address, method.upper(), posted)
        if where == "getIfnTile" and status == 404:
            # The sample holds no published index: the refusal is what is documented then.
            assert b"[ifn.communes]" in body, body
            operations += 1
            continue
        assert status == 200, (where, status, body[:200])
        answer = operation["responses"]["200"]
        declared = {media.split(";")[0]: content for media, content in answer["content"].items()}
        content = declared[headers["Content-Type"].split(";")[0]]
        for name in answer.get("headers", {}):
            assert headers[name], f"{where}: {name}"
        if "json" in headers["Content-Type"]:
            judge(content["schema"], json.loads(body), where)
            bodies += 1
        if "example" in content:
            assert content["example"] == body.decode(), where
        split = urllib.parse.urlsplit(address)
        given = dict(urllib.parse.parse_qsl(split.query))
        expected = path
        for parameter in map(resolve, operation["parameters"]):
            # A default and an example are what their schema allows.
            for value in [parameter["schema"].get("default"), parameter.get("example")]:
                if value is not None:
                    judge(parameter["schema"], value, f"{where} {parameter['name']}")
                    parameters += 1
            if parameter["in"] == "path":
                expected = expected.replace(f"{{{parameter['name']}}}", written(parameter))
            elif "example" in parameter:
                assert given.pop(parameter["name"]) == written(parameter), (where, parameter["name"])
            else:
                assert not parameter["required"], f"{where}: {parameter['name']} has no example"
        assert urllib.parse.unquote(split.path) == expected and not given, (where, expected, given)
        operations += 1

# Each layer's features, all attributes of them, by the schema of that layer; and the formats declared.
features = 0
items = document["paths"]["/api/collections/{layer}/items"]["get"]
formats = next(p for p in items["parameters"] if p.get("name") == "f")["schema"]["enum"]
media = {m.split(";")[0] for m in items["responses"]["200"]["content"]}
for layer in json.loads(ask(f"{base}/api/collections")[2])["collections"]:
    listed = json.loads(ask(f"{base}/api/collections/{layer['id']}/items?limit=60")[2])
    name = "".join(word.capitalize() for word in layer["id"].split("-")) + "Feature"
    schema = document["components"]["schemas"][name]
    for feature in listed["features"]:
        judge(schema, feature, layer["id"])
        assert set(feature["properties"]) == set(schema["properties"]["properties"]["properties"]), layer["id"]
        features += 1
    found = {ask(f"{base}/api/collections/{layer['id']}/items?limit=1&f={f}")[1].get_content_type() for f in formats}
    assert found == media, (found, media)

# Diagnoses of several kinds, with and without filters.
diagnosis = document["paths"]["/api/territories/{ids}"]["get"]["responses"]["200"]["content"]["application/json"]
for asked in ["france", "commune:63113", "epci:200046977?fee=free", "departement:69,departement:01?minutes=5",
              "departement:15?open=saturday&fragility_min=8", "departement:69M?mode=walk&open=su-03:00"]:
    judge(diagnosis["schema"], json.loads(ask(f"{base}/api/territories/{asked}")[2]), asked)

# A refusal is what the document shows.
example = document["components"]["responses"]["BadRequest"]["content"]["application/problem+json"]["example"]
status, headers, body = ask(f"{base}/api/zones?minutes=0")
assert status == 400 and json.loads(body) == example, body
judge(document["components"]["schemas"]["Problem"], example, "the refusal")

# The form of a territory lets in every kind, and what the API finds.
form = resolve({"$ref": "#/components/parameters/territory"})["schema"]["items"]["pattern"]
for identifier in ["france", "region:84", "departement:01", "departement:2A", "departement:69D", "departement:6AE",
                   "departement:974", "epci:200046977", "commune:2A004", "living-area:01093", "hub:hinaura"]:
    assert re.search(form, identifier), identifier
for words in ["lyon", "ain", "saint", "hinaura", "auvergne"]:
    found = json.loads(ask(f"{base}/api/territories?q={words}&limit=100")[2])["territories"]
    assert found and all(re.search(form, one["id"]) for one in found), words

print(f"{operations} operations, {bodies} bodies, {parameters} values, {features} features")
