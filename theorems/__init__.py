"""Libraries: the catalogue of energies and initializers, and one package per paper."""
