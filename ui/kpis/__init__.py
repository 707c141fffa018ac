"""KPIs on screen: bullets, cards, charts, tables, evidence."""
