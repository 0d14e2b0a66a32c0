def normalize_invoice_totals(records):
    total = 0
    for record in records:
        value = record["total"]
        if value is None:
            continue
        total += int(value)
    return total
