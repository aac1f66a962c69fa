"""A private PostGIS cluster in a data folder: found, made, started, shared and stopped.

    with join_cluster(Path(".anzhi")) as cluster:
        engine = create_engine(cluster.url)

Several processes may join the same folder; the last to leave stops the server. A server whose users were all killed is
adopted by the next one who joins.
"""

from gis_layers.embedded.account import ServerAccount, choose_account
from gis_layers.embedded.binaries import find_client_binaries, find_server_binaries
from gis_layers.embedded.cluster import Cluster, join_cluster
from gis_layers.embedded.folders import home_of

__all__ = [
    "Cluster",
    "ServerAccount",
    "choose_account",
    "find_client_binaries",
    "find_server_binaries",
    "home_of",
    "join_cluster",
]
