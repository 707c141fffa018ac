"""What every page needs: frame, filters, data of a build, words, theme."""
