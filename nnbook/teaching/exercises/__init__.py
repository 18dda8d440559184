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
transposition could hide. No module needs to be listed anywhere: `load` imports all of a part. The
tests hold every exercise to this: its solution passes, None fails, and each mistake fails and is
named. Other kinds of answer:

    # one number, or a string: no inputs
    exercise("components.parameter-count", asks="a whole number", solution=7850,
             mistakes={"no biases: each output has one more parameter, its bias": 7840})

    # a class, or anything that must first be used: `probe` turns the answer into values to compare
    exercise("dense.own-layer", asks="a class Scale(D) with a forward pass", solution=Scale,
             inputs=lambda rng: (rng.normal(size=(5, 3)),),
             probe=lambda Layer, x: Layer(3)(Tensor(x)).data, mistakes={...})

    # open-ended: `accept` returns None, or what is missing, for any answer
    exercise("start.better-network", asks="the accuracy that your network reached", solution=0.95,
             accept=lambda accuracy: None if accuracy > 0.93 else "0.93 or more is within reach",
             mistakes={"percent instead of a fraction: give a number between 0 and 1": 95.0})
"""
