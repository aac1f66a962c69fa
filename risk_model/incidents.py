"""The words of incidents: what happened, where and when, how grave it is, what is called for."""

from __future__ import annotations

from enum import StrEnum


class IncidentKind(StrEnum):
    """What happened, for what it calls for."""

    FIRE = "fire"
    HAZMAT_LEAK = "hazmat_leak"
    FLOOD = "flood"
    DEBRIS_FLOW = "debris_flow"
    TRAFFIC = "traffic"
    MEDICAL = "medical"


class RescueLevel(StrEnum):
    """Level of a rescue (救援等级), the lightest first; no grade of an accident, no response level, no colour of a warning."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    FOURTH = "fourth"


class IncidentPlace(StrEnum):
    """What the place of an incident is, in the order in which the first that is near enough counts."""

    ENTERPRISE = "enterprise"
    ROAD = "road"
    WATER = "water"
    VILLAGE = "village"


class TimeOfDay(StrEnum):
    """Day or night, by which other forces are called for."""

    DAY = "day"
    NIGHT = "night"


class Capability(StrEnum):
    """What a force can do."""

    FIRE_ENGINE = "fire_engine"
    RESCUE = "rescue"
    HAZMAT = "hazmat"
    MEDICAL = "medical"
    EXCAVATOR = "excavator"
    BOAT = "boat"
    PUMP = "pump"
    DRONE = "drone"
    LOADER = "loader"
    GENERATOR = "generator"
    COMMUNICATION = "communication"
    RELIEF = "relief"


class RoadClass(StrEnum):
    """Class of a road, the fastest first."""

    MOTORWAY = "motorway"
    NATIONAL = "national"
    PROVINCIAL = "provincial"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"
    TRACK = "track"
