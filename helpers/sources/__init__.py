"""Where MNIST comes from: its files, their download, and the cache between the two."""
