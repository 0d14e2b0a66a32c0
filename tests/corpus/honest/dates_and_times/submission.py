# /// corpus
# entry_points = ["same", "age", "next_weekday", "month_ends", "parsed", "in_zone", "local_year"]
# ///
import calendar
import time
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo


def same(value):
    return value


def age(born, today):
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def next_weekday(day, weekday):
    return day + timedelta(days=(weekday - day.weekday()) % 7 or 7)


def month_ends(year):
    return [date(year, month, calendar.monthrange(year, month)[1]) for month in range(1, 13)]


def parsed(text):
    return datetime.strptime(text, "%d %b %Y %H:%M").replace(tzinfo=timezone.utc)


def in_zone(moment, zone):
    return moment.astimezone(ZoneInfo(zone)).isoformat()


def local_year():
    return datetime.fromtimestamp(0).year, time.localtime(86_400).tm_mday
