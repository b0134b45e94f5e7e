"""The final body that decides at its meetings: cases before it, declarations, packets, motions and votes."""
