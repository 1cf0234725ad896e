"""Operating systems: product, release and edition from the names tools and people use."""
