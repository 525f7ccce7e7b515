"""The sample's tables: town halls, the official codes, the venues. Published records in, filtered records out."""

import re

import coverage
from packages import geometry

REGION = "84"
TOWN_HALL_LIMIT = 1_000  # m: a town hall farther than this from its commune has a wrong position

# Split off from 15141: the codes have them, the published shapes still draw the commune of before.
WITHOUT_POLYGON = {code: "15141" for code in ("15031", "15035", "15047", "15171")}

CONTACT_KEYS = {"telephone", "courriel"}
FREE_TEXT_KEYS = ("nom", "adresse", "horaires")
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
PHONE = re.compile(r"(?<!\d)(?:\+33|0)[ .]?[1-9](?:[ ./-]?\d{2}){4}(?!\d)")


def in_region(records):
    return [record for record in records if record["region"] == REGION]


def regions(records):
    return [record for record in records if record["code"] == REGION]


def current(records):
    """The communes of today by code; the file also lists delegated and associated ones and arrondissements."""
    return {record["code"]: record for record in records if record["type"] == "commune-actuelle"}


def epcis(records, communes):
    """The EPCI with a member in the region; their member lists stay whole, members elsewhere included."""
    return [record for record in records if any(member["code"] in communes for member in record["membres"])]


def town_halls(shapes, polygons):
    """Return {code: (lon, lat)}, the codes without a point, and {code: metres} of those dropped as misplaced."""
    points, missing, misplaced = {}, [], {}
    for row in sorted(shapes, key=lambda row: row["code"]):
        code, point = row["code"], row["mairie_localisation"] and geometry(row["mairie_localisation"])
        if not point or point.is_empty:
            missing.append(code)
        elif (metres := coverage.distance(polygons[code], point)) > TOWN_HALL_LIMIT:
            misplaced[code] = metres
        else:
            points[code] = (point.x, point.y)
    return points, missing, misplaced


def venues(records):
    """Return the venues without contacts, and how many mails and phone numbers were masked in their free text."""
    kept, masked = [], 0
    for record in records:
        venue = {key: value for key, value in record.items() if key not in CONTACT_KEYS}
        for key in FREE_TEXT_KEYS:
            if key in venue:
                text, mails = MAIL.subn("[mail]", venue[key])
                venue[key], phones = PHONE.subn("[tel]", text)
                masked += mails + phones
        kept.append(venue)
    return kept, masked
