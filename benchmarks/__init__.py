"""What pdbleak costs, beside what others cost for the same answer, in ratios of one run."""
