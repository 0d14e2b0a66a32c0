def normalize_invoice_totals(records):
    total = 0
    for record in records:
        value = record.get("total")
        if isinstance(value, int):
            total += value
        elif isinstance(value, str) and value.strip().isdigit():
            total += int(value)
    return total
