"""What may be logged of a bug."""


def where_raised(error: BaseException) -> list[str]:
    """Say where an error was raised, outermost first; its text might quote a submission."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames
