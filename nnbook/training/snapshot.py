"""What a step changes besides parameters, so that a step that is refused changes nothing."""

from __future__ import annotations

from nnbook.nn.module import Module


class Snapshot:
    """The buffers and random generators of a network as they are now.

    A buffer is replaced and never written into, so keeping the arrays is enough. Parameters and the
    optimizer's state change at the end of a step, when nothing can be refused any more.
    """

    def __init__(self, network: Module) -> None:
        self.buffers = [(b, b.data) for _, b in network.named_buffers()]
        self.generators = [(g, g.bit_generator.state) for _, g in network.named_generators()]

    def restore(self) -> None:
        """Put everything back."""
        for buffer, data in self.buffers:
            buffer.data = data
        for generator, state in self.generators:
            generator.bit_generator.state = state
