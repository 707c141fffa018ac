"""Warnings on screen."""
