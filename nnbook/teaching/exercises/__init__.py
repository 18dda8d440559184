"""The exercises' answers and likely mistakes: one folder a part, a module or two a chapter.

An exercise is registered like this, in `exercises/<part>/<chapter>.py`:

    from nnbook.teaching.exercise import exercise

    exercise(
        "components.bias-gradient",
        asks="a function of the cotangent g (B, O) that returns the gradient of the bias, (O,)",
        inputs=lambda rng: (rng.normal(size=(5, 3)),),
        solution=lambda g: g.sum(axis=0),
        mistakes={
            "batch mean: the loss has already divided by the batch": lambda g: g.mean(axis=0),
            "wrong axis: sum over the batch, which is axis 0": lambda g: g.sum(axis=1),
        },
    )

The name begins with the part. The key of a mistake is its name, a colon, and one sentence that
helps; its value is the answer of a reader who made it. Use dimensions that are all different, or a
transposition could hide, and none equal to two, or a forgotten factor could look like a sum in the
place of a mean. A mistake that raises is named when the reader's answer raises the same; of several
values the first wrong one decides. Slips that any formula can suffer (a sign, a factor, a sum, an
order, a shape) have names already, in `nnbook.teaching.slips`. No module needs to be listed anywhere: `load` imports all of a part. The
tests hold every exercise to this: its solution passes, None fails, and each mistake fails and is
named. Other kinds of answer:

    # one number, or a string: no inputs
    exercise("components.parameter-count", asks="a whole number", solution=7850,
             mistakes={"no biases: each output has one more parameter, its bias": 7840})

    # a class, or anything that must first be used: `probe` turns the answer into values to compare
    exercise("dense.own-layer", asks="a class Scale(D) with a forward pass", solution=Scale,
             inputs=lambda rng: (rng.normal(size=(5, 3)),),
             probe=lambda Layer, x: Layer(3)(Tensor(x)).data, mistakes={...})

    # an operation with its pullback: the last input is the cotangent, and neither may be overwritten
    exercise("components.double", asks="a function of x that returns 2x and a pullback",
             solution=lambda x: (2 * x, lambda g: (2 * g,)), probe=there_and_back,
             inputs=lambda rng: (rng.normal(size=3), rng.normal(size=3)), mistakes={...})

    # open-ended: `accept` returns None, or what is missing, for any answer
    exercise("start.better-network", asks="the accuracy that your network reached", solution=0.95,
             accept=lambda accuracy: None if accuracy > 0.93 else "0.93 or more is within reach",
             mistakes={"percent instead of a fraction: give a number between 0 and 1": 95.0})
"""
