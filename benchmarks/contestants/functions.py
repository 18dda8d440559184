"""What autograd and JAX share: the losses, as functions written with the library's own NumPy.

Both differentiate such functions. What the two write differently is passed in: convolution, and the
loop over the steps of a sequence.
"""

from benchmarks.workloads import HEADS, LAYERS


def losses(np, conv2d, scan):
    """Return, for each workload, the loss as a function of the weights, the inputs and the targets.

    `conv2d(x, W, padding)` correlates x (B, C, H, W) with W (O, C, K, K). `scan(step, state, zs)`
    calls `state, y = step(state, z)` for every z, and returns all y.
    """

    def cross_entropy(z, t):  # z (..., V)
        z, t = np.reshape(z, (-1, z.shape[-1])), t.reshape(-1)
        z = z - np.max(z, axis=1, keepdims=True)
        return np.mean(np.log(np.sum(np.exp(z), axis=1)) - z[np.arange(len(t)), t])

    def binary_cross_entropy(z, t):
        return np.mean(np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z))))

    def sigmoid(z):
        return 0.5 * np.tanh(0.5 * z) + 0.5

    def gelu(z):
        return 0.5 * z * (1 + np.tanh((2 / 3.141592653589793) ** 0.5 * (z + 0.044715 * z * z * z)))

    def linear(w, name, a):
        return np.dot(a, w[f"{name}.W"]) + w[f"{name}.b"]

    def normalized(z, axes):
        z = z - np.mean(z, axis=axes, keepdims=True)
        return z / np.sqrt(np.mean(z * z, axis=axes, keepdims=True) + 1e-5)

    def layer_norm(w, name, a):
        return normalized(a, 2) * w[f"{name}.gamma"] + w[f"{name}.beta"]

    def batch_norm(w, name, a):
        gamma, beta = w[f"{name}.gamma"][:, None, None], w[f"{name}.beta"][:, None, None]
        return normalized(a, (0, 2, 3)) * gamma + beta

    def max_pool(a):
        B, C, H, W = a.shape
        return np.max(np.reshape(a, (B, C, H // 2, 2, W // 2, 2)), axis=(3, 5))

    def dense(w, a):
        return linear(w, "3", np.maximum(linear(w, "2", np.maximum(linear(w, "1", a), 0)), 0))

    def lenet(w, x):
        for name, padding in (("conv1", 2), ("conv2", 0)):
            a = conv2d(x, w[f"{name}.W"], padding) + w[f"{name}.b"][:, None, None]
            x = max_pool(np.maximum(a, 0))
        return dense(w, np.reshape(x, (len(x), -1)))

    def character_model(w, x):
        z = linear(w, "lstm", w["tokens.table"][x.T])  # (T, B, 4H)
        zeros = np.zeros((z.shape[1], z.shape[2] // 4), z.dtype)

        def step(state, z):
            h, c = state
            i, f, g, o = np.split(z + np.dot(h, w["lstm.U"]), 4, axis=1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            return (h, c), h

        y = scan(step, (zeros, zeros), z)  # (T, B, H)
        return np.swapaxes(linear(w, "head", y), 0, 1)

    def attention(z, causal):
        B, T, D = z.shape[0], z.shape[1], z.shape[2] // 3
        parts = np.transpose(np.reshape(z, (B, T, 3, HEADS, D // HEADS)), (2, 0, 3, 1, 4))
        q, k, v = parts[0], parts[1], parts[2]  # (B, heads, T, E)
        s = np.matmul(q, np.swapaxes(k, 2, 3)) * (D // HEADS) ** -0.5 + causal
        e = np.exp(s - np.max(s, axis=3, keepdims=True))
        a = np.matmul(e / np.sum(e, axis=3, keepdims=True), v)
        return np.reshape(np.swapaxes(a, 1, 2), (B, T, D))

    def gpt(w, x):
        z = w["tokens.table"][x] + w["positions.P"]
        causal = np.triu(np.full((x.shape[1], x.shape[1]), -1e9, z.dtype), 1)
        for i in range(LAYERS):
            a = attention(linear(w, f"{i}.qkv", layer_norm(w, f"{i}.norm1", z)), causal)
            z = z + linear(w, f"{i}.out", a)
            a = gelu(linear(w, f"{i}.inner", layer_norm(w, f"{i}.norm2", z)))
            z = z + linear(w, f"{i}.outer", a)
        return np.dot(layer_norm(w, "norm", z), w["head.W"])

    def residual(w, x):
        y = np.maximum(batch_norm(w, "norm1", conv2d(x, w["conv1.W"], 1)), 0)
        y = batch_norm(w, "norm2", conv2d(y, w["conv2.W"], 1))
        y = np.maximum(y + batch_norm(w, "norm3", conv2d(x, w["shortcut.W"], 0)), 0)
        return linear(w, "head", np.mean(y, axis=(2, 3)))

    networks = {"W1": dense, "W2": lenet, "W3": character_model, "W4": gpt, "W6": residual}
    table = {
        name: lambda w, x, t, network=network: cross_entropy(network(w, x), t)
        for name, network in networks.items()
    }
    table["W5"] = lambda w, x, t: binary_cross_entropy(dense(w, x), t)
    return table
