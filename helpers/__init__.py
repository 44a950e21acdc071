"""What the course's pages share. Nothing here is what a page sets out to teach."""
