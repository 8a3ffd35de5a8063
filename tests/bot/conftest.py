"""Comes before every test module here, and so before their imports of discord."""

from tests.peers import discord_import  # noqa: F401
