"""Raw data for a pipeline: CSV files checked on this machine and put where the deployed pipeline reads them."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from govml.errors import UserError
from govml.execution.account import error_code, error_text
from govml.execution.failures import StepFailed
from govml.execution.objects import ObjectStore, split_uri

SUFFIXES = (".csv", ".csv.gz")


def find_files(paths: Iterable[Path]) -> list[Path]:
    """Return the CSV files that the paths name; a directory stands for the CSV files directly in it.

    Raises:
        UserError: a path does not exist or is no CSV file, a directory holds none, or two files have one name.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.iterdir() if file.name.endswith(SUFFIXES) and file.is_file())
            if not inside:
                raise UserError(f"the directory {path} has no {' or '.join(SUFFIXES)} file")
            files += inside
        elif not path.is_file():
            raise UserError(f"there is no file {path}")
        elif not path.name.endswith(SUFFIXES):
            raise UserError(f"{path} is no {' or '.join(SUFFIXES)} file")
        else:
            files.append(path)
    names = [file.name for file in files]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UserError(f"two files have the name {', '.join(twice)}", hint="they would overwrite each other")
    return files


def count_rows(file: Path) -> int:
    """Read a CSV file to its end and return the number of its data rows.

    Whether the columns are those that the use case needs is the pipeline's to say; this only spares the user an
    upload of something that is no table.

    Raises:
        UserError: it cannot be read, is not UTF-8, is cut off (gzip), has no header of two columns or no data row.
    """
    opened = gzip.open if file.name.endswith(".gz") else open
    try:
        with opened(file, "rt", encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream, strict=False)
            header = next(rows, [])
            count = sum(1 for row in rows if row)
    except UnicodeDecodeError as error:
        raise UserError(f"{file} is not UTF-8 text: {error.reason} at byte {error.start}") from error
    except csv.Error as error:
        raise UserError(f"{file} is not a CSV file: {error}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise UserError(f"{file} cannot be read: {error}") from error
    if len(header) < 2:
        raise UserError(f"{file} has no header line with column names")
    if not count:
        raise UserError(f"{file} has a header but no rows")
    return count


def default_key(s3: Any, bucket: str) -> str:
    """Return the KMS key with which a bucket encrypts by default.

    Raises:
        UserError: there is no such bucket, or it does not encrypt with a KMS key of ours.
    """
    try:
        rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    except ClientError as error:
        raise UserError(f"the encryption of the bucket {bucket} cannot be read: {error_text(error)}") from error
    for rule in rules:
        default = rule.get("ApplyServerSideEncryptionByDefault", {})
        if default.get("SSEAlgorithm") == "aws:kms" and default.get("KMSMasterKeyID"):
            return str(default["KMSMasterKeyID"])
    raise UserError(f"the bucket {bucket} does not encrypt with a KMS key", hint="deploy the data stack again")


def add_data(files: Sequence[Path], uri: str, *, store: ObjectStore, s3: Any) -> list[str]:
    """Put the files below an S3 prefix, beside what is there; return their URIs. A file of the same name is replaced.

    Raises:
        UserError: the account refuses an object, or the bucket has no KMS key.
    """
    bucket, _ = split_uri(uri)
    key = default_key(s3, bucket)
    try:
        return [store.upload(file, f"{uri.rstrip('/')}/{file.name}", kms_key=key) for file in files]
    except StepFailed as error:
        raise UserError(f"the data cannot be put: {error}") from error


def replace_data(files: Sequence[Path], uri: str, *, store: ObjectStore, s3: Any) -> list[str]:
    """Put the files below an S3 prefix, in the place of all that was there; return their URIs.

    The new objects come first and the old ones go after: whatever happens in between, there is data to read.

    Raises:
        UserError: the URI is a whole bucket, the account refuses an object, or the bucket has no KMS key.
    """
    bucket, prefix = split_uri(uri)
    folder = f"{prefix.rstrip('/')}/"
    if folder == "/":
        raise UserError(f"the raw data of {uri} has no prefix of its own: replacing it would empty the bucket")
    try:
        before = set(store.list_keys(f"s3://{bucket}/{folder}"))
        key = default_key(s3, bucket)
        new = [store.upload(file, f"s3://{bucket}/{folder}{file.name}", kms_key=key) for file in files]
        for old in sorted(before - {split_uri(item)[1] for item in new}):
            s3.delete_object(Bucket=bucket, Key=old)
    except StepFailed as error:
        raise UserError(f"the data cannot be put: {error}") from error
    except ClientError as error:
        raise UserError(f"the data cannot be replaced ({error_code(error)}): {error_text(error)}") from error
    return new
