"""train_mnist_fast in PyTorch, its last step rebuilt from its published settings.

    python -m measure.train_mnist_fast SEED...      one JSON line a seed

The settings are those of https://github.com/tuomaso/train_mnist_fast (one epoch, batches of 256 in
an order shuffled once, Adam with betas 0.7 and 0.9, one cycle of the rate up to 0.01, pixels
standardised), on the course's 55,000 training digits. Needs PyTorch.
"""

import json
import sys
import time

import torch
from torch import nn

from helpers import data


def network():
    """Return the untrained network: two convolutions with pooling, one dense layer of 256."""
    return nn.Sequential(
        nn.Conv2d(1, 24, 5), nn.MaxPool2d(2), nn.ReLU(),
        nn.Conv2d(24, 32, 3), nn.MaxPool2d(2), nn.ReLU(),
        nn.Flatten(), nn.Linear(800, 256), nn.ReLU(), nn.Linear(256, 10),
    )  # fmt: skip


def tensors(part):
    """Return images and labels of one part of the digits as PyTorch takes them."""
    pixels = torch.tensor(part.images[:, None]).float() / 255
    return (pixels - 0.1307) / 0.3081, torch.tensor(part.labels).long()


def train(seed, images, labels, batch=256):
    """Build and train the network; return it and the seconds from its creation to its last step."""
    torch.manual_seed(seed)
    since = time.perf_counter()
    model = network()
    order = torch.randperm(len(labels))
    optimizer = torch.optim.Adam(model.parameters(), betas=(0.7, 0.9))
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 0.01, total_steps=-(-len(labels) // batch), cycle_momentum=False
    )
    for chosen in order.split(batch):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images[chosen]), labels[chosen]).backward()
        optimizer.step()
        cycle.step()
    return model, time.perf_counter() - since


def right(model, images, labels):
    """Return how many digits a trained model reads right."""
    with torch.no_grad():
        answers = torch.cat([model(part).argmax(1) for part in images.split(1000)])
    return int((answers == labels).sum())


def main(seeds):
    """Train each seed and print what it scored on the validation and the test digits."""
    digits = data.load_digits()
    training, validation = tensors(digits.train), tensors(digits.validation)
    for seed in seeds:
        model, seconds = train(seed, *training)
        found = {
            "seed": seed, "seconds": round(seconds, 2), "right": right(model, *validation),
            "test": right(model, *tensors(digits.test)),
            "parameters": sum(weights.numel() for weights in model.parameters()),
        }  # fmt: skip
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or [1])
