"""Plimsoll's vocabulary and calculations: plain Python, no Streamlit, no dbt."""
