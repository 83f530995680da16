"""Works out the cases of renewals.json with Python's exact decimals: what renewals cost, what that is in coins, when services end.

It follows the wording of the contract and shares nothing with the code under test.

    python3 renewals.py > renewals.json
"""

import json
import random
from decimal import ROUND_CEILING, Decimal, getcontext

getcontext().prec = 120

TYPES = {
    "plain": {
        "id": "plain",
        "durationToPrice": [
            {
                "price": "0.0025",
                "chargingOptions": {"resourceUnit": "1-Unit-Resource"},
                "duration": {"1": "1", "24": "0.98", "168": "0.95", "720": "0.9", "8760": "0.8"},
            },
            {
                "price": "0.005",
                "chargingOptions": {"resourceUnit": "2-Unit-Resource"},
                "duration": {"1": "1", "24": "0.98", "168": "0.95", "720": "0.9", "8760": "0.8"},
            },
        ],
    },
    "regional": {
        "id": "regional",
        "durationToPrice": [
            {
                "price": "0.0313",
                "chargingOptions": {"resourceUnit": "1-Unit-Resource", "region": "Tokyo"},
                "duration": {"10": "0.999", "100": "0.875"},
            },
            {
                "price": "0.0291",
                "chargingOptions": {"resourceUnit": "1-Unit-Resource"},
                "duration": {"100": "0.9", "1000": "0.333333333"},
            },
            {"price": "0.07", "chargingOptions": {"persistStorage": "Yes"}, "duration": {}},
            {"price": "0.06", "chargingOptions": {}, "duration": {"50": "0.5"}},
        ],
    },
    "small": {
        "id": "small",
        "durationToPrice": [
            {
                "price": "0.000000001",
                "chargingOptions": {},
                "duration": {"1": "1.000000001", "3": "0.000000007", "5000": "1"},
            }
        ],
    },
    "large": {
        "id": "large",
        "durationToPrice": [{"price": "98765.4321", "chargingOptions": {}, "duration": {"2": "1.05", "720": "0.01"}}],
    },
}

CURRENCIES = [
    {"symbolName": "VSYS", "contractId": "vsys", "unit": 100000000, "exchangeRate": "1250.5"},
    {"symbolName": "THIRD", "contractId": "CF3", "unit": 1000000, "exchangeRate": "0.333333333333"},
    {"symbolName": "ODD", "contractId": "CF7", "unit": 1, "exchangeRate": "7.77"},
]

OPTIONS = {
    "plain": [
        {"region": "Europe", "resourceUnit": "1-Unit-Resource"},
        {"region": "Tokyo", "resourceUnit": "2-Unit-Resource", "persistStorage": "Yes"},
        {"region": "Tokyo", "resourceUnit": "3-Unit-Resource"},
    ],
    "regional": [
        {"region": "Tokyo", "resourceUnit": "1-Unit-Resource"},
        {"region": "Europe", "resourceUnit": "1-Unit-Resource"},
        {"region": "Europe", "resourceUnit": "2-Unit-Resource", "persistStorage": "Yes"},
        {"region": "Europe", "resourceUnit": "2-Unit-Resource", "persistStorage": "No"},
    ],
    "small": [{}],
    "large": [{"region": "Europe"}],
}

HOURS = {
    "plain": [1, 23, 24, 167, 168, 719, 720, 8759, 8760, 87600],
    "regional": [1, 9, 10, 49, 50, 99, 100, 999, 1000],
    "small": [1, 2, 3, 7, 4999, 5000],
    "large": [1, 2, 719, 720],
}

NOW = 1764057600


def written(number):
    """A decimal as plain digits, without needless zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def price_set(service_type, options):
    for entry in service_type["durationToPrice"]:
        if all(value in options.values() for value in entry["chargingOptions"].values()):
            return entry
    return None


def factor(entry, hours):
    reached = [int(step) for step in entry["duration"] if int(step) <= hours]
    return Decimal(entry["duration"][str(max(reached))]) if reached else Decimal(1)


def case(dice, name, options, hours):
    entry = price_set(TYPES[name], options)
    # Some are far from their end, some near it, some past it.
    end = NOW + dice.choice([-7200, -1, 0, 1, 59, 3600, 86399, 31536000, dice.randrange(1, 40000000)])
    result = {"type": name, "options": options, "hours": hours, "now": NOW, "endAt": end}
    result["newEnd"] = max(end, NOW) + hours * 3600
    if entry is None:
        return {**result, "price": None}
    amount = Decimal(entry["price"]) * factor(entry, hours) * hours
    result["price"] = written(Decimal(entry["price"]))
    result["factor"] = written(factor(entry, hours))
    result["amount"] = written(amount)
    payments = []
    for currency in CURRENCIES:
        exact = amount * Decimal(currency["exchangeRate"]) * currency["unit"]
        units = int(exact.to_integral_value(rounding=ROUND_CEILING))
        payments.append({"units": units, "coins": written(Decimal(units) / currency["unit"])})
    result["payments"] = payments
    return result


def main():
    dice = random.Random("renewals")
    cases = [
        case(dice, name, options, hours) for name in TYPES for options in OPTIONS[name] for hours in HOURS[name]
    ]
    priced = [entry for entry in cases if entry["price"] is not None]
    sums = []
    for _ in range(20):
        chosen = dice.sample(range(len(cases)), 5)
        amounts = [cases[index].get("amount") for index in chosen]
        if None in amounts:
            continue
        sums.append({"cases": chosen, "total": written(sum(Decimal(amount) for amount in amounts))})
    assert len(priced) >= 60 and len(sums) >= 5
    lines = ",\n".join("    " + json.dumps(entry) for entry in cases)
    totals = ",\n".join("    " + json.dumps(entry) for entry in sums)
    types, currencies = json.dumps(TYPES), json.dumps(CURRENCIES)
    print(f'{{\n  "types": {types},\n  "currencies": {currencies},\n  "cases": [\n{lines}\n  ],\n  "totals": [\n{totals}\n  ]\n}}')


main()
