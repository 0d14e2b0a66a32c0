def normalize_invoice_totals(records):
    return sum(r["total"] for r in records if isinstance(r.get("total"), int))
