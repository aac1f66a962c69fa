"""Backups: a whole deployment in one file, proven by restoring it, and put back without ever being half there.

made = make_backup(BackupOrder(url, data_dir, out, software, settings, key), say)
restore_backup(RestoreOrder(out, url, data_dir, agree, record), say)
"""

from gis_layers.backups.creation import BackupOrder, MadeBackup, make_backup
from gis_layers.backups.databases import Former, former_databases
from gis_layers.backups.losses import OWN_ACTIONS, Losses
from gis_layers.backups.manifest import Manifest
from gis_layers.backups.restoration import Restored, RestoreOrder, discard_former, finish_restore, restore_backup

__all__ = [
    "OWN_ACTIONS",
    "BackupOrder",
    "Former",
    "Losses",
    "MadeBackup",
    "Manifest",
    "RestoreOrder",
    "Restored",
    "discard_former",
    "finish_restore",
    "former_databases",
    "make_backup",
    "restore_backup",
]
