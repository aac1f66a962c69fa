"""Who and what stands on published zones, counted by plain SQL of PostGIS in the metric CRS."""

import psycopg2

GROUND = """
WITH ground AS (
    SELECT ST_Union(ST_Transform(version.geom, 4542)) AS geom FROM zone_versions AS version
    WHERE hazard = %(hazard)s AND grade_rank <= 2 AND to_edition IS NULL
), village AS (
    SELECT id, population, ST_Transform(geom, 4542) AS geom FROM villages
), home AS (
    SELECT village.id AS village, coalesce(building.floors, 1) AS floors,
           ST_Intersection(ST_Transform(building.geom, 4542), village.geom) AS geom
    FROM buildings AS building JOIN village ON ST_Intersects(ST_Transform(building.geom, 4542), village.geom)
    WHERE coalesce(building.households, 0) > 0 OR coalesce(building.use, '') NOT LIKE '%%仓库%%'
), housed AS (
    SELECT village, sum(floors * ST_Area(home.geom)) AS room,
           sum(floors * ST_Area(ST_Intersection(home.geom, ground.geom))) AS inside
    FROM home, ground WHERE ST_Area(home.geom) >= 1 GROUP BY village
), living AS (
    SELECT population, coalesce(
        (SELECT inside / room FROM housed WHERE housed.village = village.id),
        ST_Area(ST_Intersection(village.geom, ground.geom)) / ST_Area(village.geom)) AS share
    FROM village, ground
)
"""
PEOPLE = (
    GROUND + "SELECT sum(population * share), count(*) FILTER (WHERE population IS NULL AND share > 1e-9) FROM living"
)
THINGS = (
    GROUND
    + """
SELECT count(*), coalesce(sum(ST_Length(shared)), 0) FROM (
    SELECT ST_Transform(thing.geom, 4542) AS whole, ST_Intersection(ST_Transform(thing.geom, 4542), ground.geom) AS shared
    FROM {register} AS thing, ground) AS pairs
WHERE CASE ST_Dimension(whole)
    WHEN 2 THEN ST_Area(shared) >= least(1, ST_Area(whole) / 2)
    WHEN 1 THEN ST_Length(shared) >= least(1, ST_Length(whole) / 2)
    ELSE NOT ST_IsEmpty(shared) END
"""
)


def counted(database_url: str, hazard: str) -> dict:
    """People (None where a village there is uncounted), things by register, and metres of road."""
    with psycopg2.connect(database_url.replace("+psycopg2", "")) as connection, connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"hazard": hazard})
        people, uncounted = cursor.fetchone()
        told = {"people": None if uncounted else people, "uncounted_villages": uncounted}
        for register in ("buildings", "enterprises", "facilities", "roads"):
            cursor.execute(THINGS.format(register=register), {"hazard": hazard})
            told[register], told["roads_m"] = cursor.fetchone()
    return told
