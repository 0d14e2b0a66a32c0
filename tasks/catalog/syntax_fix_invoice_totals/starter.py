"""Invoice totals of a billing export."""


def normalize_invoice_totals(records)
    """Return the sum of the totals of all records that have one."""
    total = 0
    for record in records:
        value = record.get("total")
        if value is None
            continue
        total += int(value
    return total
