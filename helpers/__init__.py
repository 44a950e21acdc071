"""What the course's pages share. Nothing here is what a page sets out to teach."""

import warnings

# pooch imports tqdm's widget bars, which warn where ipywidgets is missing; ours are plain text.
warnings.filterwarnings("ignore", message="IProgress not found")
