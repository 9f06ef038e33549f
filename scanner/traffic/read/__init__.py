"""Importers: each yields `Record`s and `Link`s of one capture format and names what it lost."""
