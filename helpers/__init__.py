"""What the pages of the course deep-learning-mnist share (their setup cell knows it by this name).

Nothing here is what a page sets out to teach.
"""

import warnings

# pooch imports tqdm's widget bars, which warn where ipywidgets is missing; ours are plain text.
warnings.filterwarnings("ignore", message="IProgress not found")
