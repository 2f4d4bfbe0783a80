"""Working time, clocks and the rules of a lead. Pure: no clock, no I/O, the standard library only."""

from sla_engine.calendar import Calendar

__all__ = ["Calendar"]
