"""tinygrad on the processor, where clang compiles its kernels; the whole step under its TinyJit."""

import shutil

from tinygrad import Context, Tensor, TinyJit, nn

from benchmarks.workloads import BY_MOMENTUM, CLASSES, HEADS, LAYERS


def make(workload, x, t, weights):
    if shutil.which("clang") is None:
        raise NotImplementedError("it needs clang to compile its kernels, which was not found")
    network = NETWORKS[workload](weights)
    parameters = [p for p in nn.state.get_parameters(network) if p.is_param]
    for p, (name, w) in zip(parameters, weights.items(), strict=True):
        dense = w.ndim == 2 and name.endswith(("W", "U"))  # (O, I), as in PyTorch
        p.assign(Tensor((w.T if dense else w).copy())).realize()
    if workload in BY_MOMENTUM:
        optimizer = nn.optim.SGD(parameters, lr=0.01, momentum=0.9)
    else:
        optimizer = nn.optim.Adam(parameters, lr=0.001)
    x, t = Tensor(x.copy()).realize(), Tensor(t.copy()).realize()

    @TinyJit
    @Context(TRAINING=1)
    def train_step():
        optimizer.zero_grad()
        z = network(x)
        if workload == "W5":
            loss = z.binary_crossentropy_logits(t)
        else:
            loss = z.sparse_categorical_crossentropy(t)
        loss.backward()
        return loss.realize(*optimizer.schedule_step())

    return lambda: train_step().item()


class Dense:
    def __init__(self, weights):
        self.l1, self.l2, self.l3 = (nn.Linear(*weights[f"{name}.W"].shape) for name in "123")

    def __call__(self, x):
        return self.l3(self.l2(self.l1(x).relu()).relu())


class LeNet:
    def __init__(self, weights):
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.dense = Dense(weights)

    def __call__(self, x):
        x = self.conv1(x).relu().max_pool2d()
        return self.dense(self.conv2(x).relu().max_pool2d().flatten(1))


class CharacterModel:
    def __init__(self, weights):
        V, D = weights["tokens.table"].shape
        H = len(weights["lstm.U"])
        self.tokens, self.lstm, self.head = nn.Embedding(V, D), nn.LSTMCell(D, H), nn.Linear(H, V)
        # It has two biases, which would learn twice as fast as one: the second stays zero.
        self.lstm.bias_hh.is_param_(False)

    def __call__(self, x):
        z, state, steps = self.tokens(x), None, []
        for t in range(x.shape[1]):
            state = self.lstm(z[:, t], state)
            steps.append(state[0])
        return self.head(Tensor.stack(*steps, dim=1))


class Block:
    def __init__(self, D):
        self.norm1, self.qkv, self.out = nn.LayerNorm(D), nn.Linear(D, 3 * D), nn.Linear(D, D)
        self.norm2, self.inner = nn.LayerNorm(D), nn.Linear(D, 4 * D)
        self.outer = nn.Linear(4 * D, D)

    def __call__(self, x):
        B, T, D = x.shape
        q, k, v = (
            part.reshape(B, T, HEADS, D // HEADS).transpose(1, 2)
            for part in self.qkv(self.norm1(x)).chunk(3, dim=2)
        )
        a = q.scaled_dot_product_attention(k, v, is_causal=True)
        x = x + self.out(a.transpose(1, 2).reshape(B, T, D))
        return x + self.outer(self.inner(self.norm2(x)).gelu())


class GPT:
    def __init__(self, weights):
        V, D = weights["tokens.table"].shape
        self.tokens, self.positions = (
            nn.Embedding(V, D),
            Tensor.zeros(len(weights["positions.P"]), D),
        )
        self.blocks = [Block(D) for _ in range(LAYERS)]
        self.norm, self.head = nn.LayerNorm(D), nn.Linear(D, V, bias=False)

    def __call__(self, x):
        return self.head(self.norm((self.tokens(x) + self.positions).sequential(self.blocks)))


class Residual:
    def __init__(self, weights):
        O, C = weights["shortcut.W"].shape[:2]
        self.conv1, self.norm1 = nn.Conv2d(C, O, 3, padding=1, bias=False), nn.BatchNorm(O)
        self.conv2, self.norm2 = nn.Conv2d(O, O, 3, padding=1, bias=False), nn.BatchNorm(O)
        self.shortcut, self.norm3 = nn.Conv2d(C, O, 1, bias=False), nn.BatchNorm(O)
        self.head = nn.Linear(O, CLASSES)

    def __call__(self, x):
        y = self.norm1(self.conv1(x)).relu()
        y = (self.norm2(self.conv2(y)) + self.norm3(self.shortcut(x))).relu()
        return self.head(y.mean(axis=(2, 3)))


NETWORKS = {
    "W1": Dense,
    "W2": LeNet,
    "W3": CharacterModel,
    "W4": GPT,
    "W5": Dense,
    "W6": Residual,
}
