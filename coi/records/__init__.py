"""Records requests (U64): received, gathered, removals proposed by ethics and ruled by the solicitor, released, answered."""
