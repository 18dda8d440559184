"""What a training measured, epoch by epoch."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class History:
    """What `fit` measured: `history["loss"]` lists one number for each completed epoch."""

    epochs: list[dict[str, float]] = field(default_factory=list)
    interrupted: bool = False

    def __len__(self) -> int:
        return len(self.epochs)

    def __getitem__(self, name: str) -> list[float]:
        return [logs[name] for logs in self.epochs]
