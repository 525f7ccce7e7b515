"""The potential access of every commune, computed again from the published formulas (numpy).

    python apl.py WORLD.json COMMUNES.csv

WORLD.json holds what the files say: `places` (latitude, longitude of the middle of a cell, people, commune),
`venues` (latitude, longitude, opening hours as written, in OSM's syntax, or null), `decay` (minutes, weight)
and `imputed` (how many venues have no known hours). COMMUNES.csv is what the API gives: columns `code` and
`apl`. Every commune must be equal to the third decimal.

Times: docs/method.md, the car's curve, rounded to the decisecond. Shares: Luo & Qi (2009), with steps; and once more
as PySAL's `access` shares them.
"""

import csv
import json
import re
import sys

import numpy as np
import pandas as pd
from access.fca import two_stage_fca

DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
RULE = re.compile(r"^(?:(?P<days>[A-Z][a-z](?:[-,][A-Z][a-z])*) )?(?P<hours>off|[\d:,\-]+)$")


def weekly_hours(text):
    """The hours open in a week; a later rule replaces the days it names."""
    week = [set() for _ in DAYS]
    for rule in text.split(";"):
        parts = RULE.match(rule.strip())
        if parts is None:
            raise ValueError(f"{text!r} is not understood")
        days = set()
        for part in (parts["days"] or "Mo-Su").split(","):
            first, _, last = part.partition("-")
            days |= set(range(DAYS.index(first), DAYS.index(last or first) + 1))
        minutes = set()
        if parts["hours"] != "off":
            for slot in parts["hours"].split(","):
                opens, closes = (60 * int(t[:2]) + int(t[3:]) for t in slot.split("-"))
                # Past midnight it is still the day it opened.
                minutes |= set(range(opens, closes if closes > opens else closes + 24 * 60))
        for day in days:
            week[day] = minutes
    return sum(len(day) for day in week) / 60


def deciseconds(from_lat, from_lon, lat, lon):
    """By car, estimated: 2.73 min x (d + 0.3 km)^0.83 of the great-circle distance."""
    a, b = np.radians(from_lat), np.radians(lat)
    h = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lon - from_lon) / 2) ** 2
    km = 2 * 6371.0088 * np.arcsin(np.sqrt(h))
    return np.round(2.73 * (km + 0.3) ** 0.83 * 600)


def steps(times, decay):
    """The weight of each time: that of the first step it does not exceed, else 0."""
    ends = np.array([minutes * 600 for minutes, _ in decay])
    weights = np.array([weight for _, weight in decay] + [0.0])
    return weights[np.searchsorted(ends, times, side="left")]


def of_pysal(people, supplies, pairs, decay):
    """The same shares by another engine, from (place, venue, decisecond) of the pairs that count."""

    def weight(time):
        return next((weight for minutes, weight in decay if time <= minutes * 600), 0.0)

    demand = pd.DataFrame({"geoid": np.arange(len(people)), "demand": people}).set_index("geoid")
    supply = pd.DataFrame({"geoid": np.arange(len(supplies)), "supply": supplies}).set_index("geoid")
    origin, dest, cost = (np.concatenate(column) for column in zip(*pairs))
    costs = pd.DataFrame({"origin": origin, "dest": dest, "cost": cost})
    shares = two_stage_fca(demand, supply, costs, demand_index=True, weight_fn=weight)
    return shares.reindex(demand.index).fillna(0).to_numpy()


def main(world_path, communes_path):
    with open(world_path) as file:
        world = json.load(file)
    lat, lon, people = (np.array(world["places"][key], dtype=float) for key in ("lat", "lon", "people"))
    known = [None if v["hours"] is None else weekly_hours(v["hours"]) for v in world["venues"]]
    median = float(np.median([hours for hours in known if hours is not None]))
    imputed = sum(hours is None for hours in known)
    if imputed != world["imputed"]:
        sys.exit(f"{imputed} venues without hours here, {world['imputed']} there")
    supplies = [median if hours is None else hours for hours in known]
    access = np.zeros(len(people))
    given = 0.0
    pairs = []
    for rank, (venue, supply) in enumerate(zip(world["venues"], supplies)):
        times = deciseconds(lat, lon, venue["lat"], venue["lon"])
        weight = steps(times, world["decay"])
        demand = float(weight @ people)
        if demand > 0:
            access += weight * supply / demand
            given += supply
            near = np.flatnonzero(weight)
            pairs.append((near, np.full(near.size, rank), times[near]))
    pysal = of_pysal(people, supplies, pairs, world["decay"])
    if np.abs(access - pysal).max() > 1e-9 * access.max():
        sys.exit("numpy and PySAL share differently")
    if abs(access @ people - given) > 1e-6 * given:
        sys.exit("hours were lost on the way")
    communes = np.array(world["places"]["commune"])
    codes, ranks = np.unique(communes, return_inverse=True)
    everyone = np.bincount(ranks, weights=people)
    hours = np.bincount(ranks, weights=people * access)
    expected = {c: 1000 * h / p for c, h, p in zip(codes, hours, everyone) if p > 0}
    with open(communes_path, newline="") as file:
        found = {row["code"]: row["apl"] for row in csv.DictReader(file)}
    wrong = [c for c, apl in expected.items() if abs(float(found.get(c) or "nan") - apl) > 0.000501 or not found.get(c)]
    if wrong:
        first = wrong[0]
        sys.exit(f"{len(wrong)} of {len(expected)} communes differ: {first} {found.get(first)}, numpy {expected[first]}")
    print(f"{len(expected)} communes have the APL of numpy and PySAL, {imputed} supplies imputed, {given:.0f} hours a week")


main(*sys.argv[1:])
