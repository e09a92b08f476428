"""Which store the settings name."""

from app.files.store import LocalStore, Store
from app.settings import Settings


def open_store(settings: Settings) -> Store:
    """A folder of this machine, or a bucket where one is set."""
    if not settings.s3_bucket:
        return LocalStore(settings.files_folder)
    from app.files.s3 import S3Store

    return S3Store(settings)


def copy_files(settings: Settings) -> int:
    """Put every file of the local folder into the bucket; how many are in it now. It may be repeated."""
    here, there = LocalStore(settings.files_folder), open_store(settings)
    copied = 0
    for key in here.older_than(float("inf")):
        there.put(here.path(key))
        copied += 1
    return copied
