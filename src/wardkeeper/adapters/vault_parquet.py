"""Sealed Parquet: frames as encrypted bytes (Parquet Modular Encryption, AES-256-GCM) and back.

The source is the Apache Parquet format's `Encryption.md`. Data keys are made by Arrow, one per column; each is wrapped
under the class key of every mandate in turn, so it dies with the first of them. Nothing is cached between calls: a new
factory is made for each, because Arrow keeps opened keys inside its factories.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from wardkeeper.adapters.keys import MandateKey, decrypt, encrypt
from wardkeeper.kernel.columns import SENSITIVITY, Sensitivity
from wardkeeper.kernel.errors import BadInput, IntegrityBroken
from wardkeeper.kernel.ids import FileId

DATA_KEY_BITS = 256


@dataclass(frozen=True, slots=True)
class Seal:
    """What one file is sealed with: its id and the keys of all its mandates, in the order of the manifest."""

    file: FileId
    keys: tuple[MandateKey, ...]

    def label(self, sensitivity: Sensitivity) -> str:
        """Name the keys of one class, as written in the file: class, file and mandates."""
        return f"{sensitivity.value}/{self.file}/{'+'.join(key.mandate for key in self.keys)}"

    def wrap(self, data_key: bytes, label: str) -> bytes:
        """Wrap a data key under each mandate in turn."""
        sensitivity = self._find_class(label)
        for key in self.keys:
            data_key = encrypt(key.for_class(sensitivity), data_key, label.encode())
        return data_key

    def unwrap(self, wrapped: bytes, label: str) -> bytes:
        """Undo `wrap`. Raises IntegrityBroken when the label is not of this file and these mandates."""
        sensitivity = self._find_class(label)
        for key in reversed(self.keys):
            wrapped = decrypt(key.for_class(sensitivity), wrapped, label.encode())
        return wrapped

    def _find_class(self, label: str) -> Sensitivity:
        for sensitivity in Sensitivity:
            if label == self.label(sensitivity):
                return sensitivity
        raise IntegrityBroken("A sealed file names other keys than its manifest does.", _RESTORE)


class _MandateKms(pe.KmsClient):  # type: ignore[misc]  # pyarrow ships no types
    """Arrow's way to ask for a data key to be wrapped or unwrapped."""

    def __init__(self, seal: Seal) -> None:
        super().__init__()
        self._seal = seal

    def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> str:
        """Wrap a data key; text, as Arrow stores it in JSON."""
        return base64.b64encode(self._seal.wrap(key_bytes, master_key_identifier)).decode()

    def unwrap_key(self, wrapped_key: str, master_key_identifier: str) -> bytes:
        """Unwrap a data key."""
        return self._seal.unwrap(base64.b64decode(wrapped_key), master_key_identifier)


_RESTORE = "Restore the file from a backup, and tell the data protection officer."


def classify(columns: Sequence[str]) -> dict[Sensitivity, list[str]]:
    """Sort columns by class. Raises BadInput when one has none: such a frame is not stored."""
    unknown = [name for name in columns if name not in SENSITIVITY]
    if unknown:
        raise BadInput(
            f"These columns have no class, so they cannot be stored: {', '.join(unknown)}.",
            "Give each a class in kernel.columns, or leave it out.",
        )
    by_class: dict[Sensitivity, list[str]] = {}
    for name in columns:
        by_class.setdefault(SENSITIVITY[name], []).append(name)
    return by_class


def seal_frame(frame: pl.DataFrame, seal: Seal) -> bytes:
    """Give a frame as an encrypted Parquet file, footer and column names included."""
    configuration = pe.EncryptionConfiguration(
        footer_key=seal.label(Sensitivity.KEY),
        column_keys={seal.label(kind): names for kind, names in classify(frame.columns).items()},
        encryption_algorithm="AES_GCM_V1",
        plaintext_footer=False,
        double_wrapping=False,
        data_key_length_bits=DATA_KEY_BITS,
    )
    properties = _make_factory(seal).file_encryption_properties(pe.KmsConnectionConfig(), configuration)
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, table.schema, encryption_properties=properties, compression="zstd") as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def open_frame(content: bytes, columns: Sequence[str], seal: Seal) -> pl.DataFrame:
    """Open columns of an encrypted Parquet file, in the order asked for. Raises IntegrityBroken."""
    configuration = pe.DecryptionConfiguration()
    properties = _make_factory(seal).file_decryption_properties(pe.KmsConnectionConfig(), configuration)
    try:
        with pq.ParquetFile(pa.BufferReader(content), decryption_properties=properties) as file:
            table = file.read(columns=list(columns))
    except (pa.ArrowException, OSError):
        raise IntegrityBroken("A sealed file cannot be opened with its keys.", _RESTORE) from None
    return pl.DataFrame(table).select(columns)


def _make_factory(seal: Seal) -> pe.CryptoFactory:
    return pe.CryptoFactory(lambda _configuration: _MandateKms(seal))
