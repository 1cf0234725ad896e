"""Rules of assessment: from the facts of one asset to its findings. Pure."""
