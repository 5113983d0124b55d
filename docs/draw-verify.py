#!/usr/bin/env python3
"""Verify the record of a draw, format zhijian-draw-1, with nothing but Python's own library.

An independent second way to `zhijian draw verify`: docs/draw.md says what it does, step by step.
    python3 draw-verify.py record.json [NUMBER NONCE < citizen-number]
"""
import hashlib
import hmac
import json
import sys


def pack(*items):
    """Each item as its length in bytes, a colon, its bytes, a line feed."""
    out = b""
    for item in items:
        b = str(item).encode()
        out += b"%d:%s\n" % (len(b), b)
    return out


def h(tag, *items):
    return hashlib.sha256(pack("zhijian-draw-1/" + tag, *items)).hexdigest()


def mac(key, tag, *items):
    return hmac.new(bytes.fromhex(key), pack("zhijian-draw-1/" + tag, *items), hashlib.sha256).hexdigest()


def end(say):
    same("sum", hashlib.sha256(raw[: raw.rindex(b',\n"sum": ')]).hexdigest(), d["sum"])
    print(say)
    sys.exit(0)


def same(what, want, got):
    if want != got:
        sys.exit(f"different: {what}: the file says {got}, but it must be {want}")


raw = open(sys.argv[1], "rb").read()
d = json.loads(raw)
t, both = d["terms"], lambda x: (x["zh"], x["en"])
same("format", "zhijian-draw-1", d["format"])

items = [d["id"], *both(t["title"]), *both(t["about"]), t["by"], t["city"], t["series"], t["period"], t["opens"], t["closes"],
         t["moment"], *both(t["source"]), t["example"], t["choices"], len(t["places"])]
for p in t["places"]:
    items += [p["code"], *both(p["name"]), p["count"]]
same("terms_hash", h("terms", *items), d["terms_hash"])
if "entries" not in d:
    end("equal so far: entries are not closed yet" if "cancelled" not in d else "equal: the draw was cancelled")

entries = sorted(d["entries"], key=lambda e: e["blind"])
items = [d["id"], d["terms_hash"], len(entries), len(d["withdrawn"])]
for e in entries:
    items += [e["number"], e["blind"], ",".join(e["choices"])]
same("list_hash", h("list", *items, *sorted(d["withdrawn"])), d["list_hash"])
same("numbers", list(range(1, len(entries) + len(d["withdrawn"]) + 1)), sorted([e["number"] for e in entries] + d["withdrawn"]))
if len(sys.argv) > 3:
    number, person = int(sys.argv[2]), sys.stdin.readline().strip().upper()
    same("your entry", h("entry", d["id"], number, person, sys.argv[3]), next(e["blind"] for e in entries if e["number"] == number))
if "seed" not in d:
    end("equal so far: not drawn yet" if "cancelled" not in d else "equal: the draw was cancelled")

s = d["seed"]
same("seed.house, hashed", d["house_hash"], hashlib.sha256(bytes.fromhex(s["house"])).hexdigest())
same("seed.final", mac(s["house"], "seed", d["id"], d["list_hash"], s["public"]), s["final"])

left, order = {p["code"]: p["count"] for p in t["places"]}, []
for e in sorted(entries, key=lambda e: (mac(s["final"], "score", e["blind"]), e["blind"])):
    place = next((c for c in e["choices"] if left[c] > 0), "")
    if place:
        left[place] -= 1
    order.append({"number": e["number"], "place": place})
same("results", order, d["results"])
items = [d["id"], s["final"], len(order)]
for x in order:
    items += [x["number"], x["place"]]
same("results_hash", h("results", *items), d["results_hash"])
end(f"equal: {len(order)} entries, {sum(1 for x in order if x['place'])} places")
