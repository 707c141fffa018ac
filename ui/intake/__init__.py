"""Uploads on screen: recognized, answered, mapped, landed."""
