def normalize_invoice_totals(records):
    total = 0
    for record in records:
        value = record.get("total")
        if value is None:
            continue
        total += int(float(value))
    return total
