"""How anyone repeats a draw: a few lines of Python, standard library alone, tested as they are printed."""

RECIPE = """\
import hashlib
import json
import sys

data = json.load(open(sys.argv[1], encoding="utf-8"))
seed, faults = data["seed"], []


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def ranked(names, seed):
    return sorted(set(names), key=lambda name: (sha256(seed + ":" + name), name))


opening = data.get("opening")
if data.get("secret"):  # announced: its digest was published before the checkpoint was made
    told = sha256(data["secret"]) == data["commitment"] and data["commitment"] in opening
    if not data["checkpoint"]:  # none was made: the opening has the secret and fresh chance
        told = told and data["secret"] in opening
        fits = sha256(opening) == seed
    else:
        fits = sha256(data["secret"] + ":" + data["checkpoint"]) == seed
    if not told or not fits:
        faults.append("seed")
elif opening and sha256(opening) != seed:
    faults.append("seed")
if opening and data["digest"] not in opening:
    faults.append("list")
lines = sorted(
    "{group} {share} {0}".format(name, **group)
    for group in data["groups"]
    for name in group["candidates"]
)
if not data["withheld"] and sha256("\\n".join(lines)) != data["digest"]:
    faults.append("digest")
for group in data["groups"]:
    order = ranked(group["candidates"], seed)
    count = max(1, -(-len(order) * group["share"] // 100))
    if order[:count] != group["drawn"]:
        faults.append("group " + group["group"])
for pair in data["pairs"]:
    own = seed + ":" + pair["filing"]
    department = ranked(pair["departments"], own)[0]
    officers = ranked(pair["people"], own + ":" + department)[: len(pair["officers"])]
    if (department, officers) != (pair["department"], pair["officers"]):
        faults.append("project " + pair["filing"])
print("\\n".join(faults) or "OK")
"""
