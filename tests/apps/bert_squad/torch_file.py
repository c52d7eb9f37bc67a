"""Files as torch.save writes them, of objects with tensors of float32, without torch.

The layouts are those of torch/serialization.py: a zip archive, and what was written before PyTorch 1.6.
"""

import collections
import io
import pickle
import struct
import sys
import types
import unittest.mock
import zipfile

LEGACY_MAGIC = 0x1950a86a20f9469cfc6c
LEGACY_SYSTEM = {"protocol_version": 1001, "little_endian": True,
                 "type_sizes": {"short": 2, "int": 4, "long": 4}}


class FloatStorage:
    __module__ = "torch"


def _rebuild_tensor_v2():
    """Never called: pickled as what torch calls."""


_rebuild_tensor_v2.__module__ = "torch._utils"
MODULES = {"torch": types.SimpleNamespace(FloatStorage=FloatStorage),
           "torch._utils": types.SimpleNamespace(_rebuild_tensor_v2=_rebuild_tensor_v2)}


class Storage:
    def __init__(self, key, data):
        self.key, self.data = str(key), data


class Tensor:
    def __init__(self, shape, data):
        self.shape, self.data = tuple(shape), data

    def described_in(self, storage):
        strides, size = [], 1
        for length in reversed(self.shape):
            strides.insert(0, size)
            size *= length
        return _rebuild_tensor_v2, (storage, 0, self.shape, tuple(strides), False,
                                    collections.OrderedDict())


class Pickler(pickle.Pickler):
    def __init__(self, stream, legacy):
        super().__init__(stream, protocol=2)
        self.storages, self.view = [], (None,) if legacy else ()

    def persistent_id(self, value):
        if not isinstance(value, Storage):
            return None
        return ("storage", FloatStorage, value.key, "cpu", len(value.data) // 4, *self.view)

    def reducer_override(self, value):
        if not isinstance(value, Tensor):
            return NotImplemented
        self.storages.append(Storage(len(self.storages), value.data))
        return value.described_in(self.storages[-1])


def pickled(value, legacy):
    """The pickle of `value`, and its storages."""
    stream = io.BytesIO()
    pickler = Pickler(stream, legacy)
    with unittest.mock.patch.dict(sys.modules, MODULES):  # where pickle looks up names that it writes
        pickler.dump(value)
    return stream.getvalue(), pickler.storages


def write_zip(path, value):
    content, storages = pickled(value, legacy=False)
    with zipfile.ZipFile(path, "w") as archive:  # stored, which is its default
        archive.writestr("archive/data.pkl", content)
        for storage in storages:
            archive.writestr(f"archive/data/{storage.key}", storage.data)
        archive.writestr("archive/version", "3\n")


def write_legacy(path, value):
    content, storages = pickled(value, legacy=True)
    with open(path, "wb") as file:
        for header in (LEGACY_MAGIC, 1001, LEGACY_SYSTEM):
            pickle.dump(header, file, protocol=2)
        file.write(content)
        pickle.dump([storage.key for storage in storages], file, protocol=2)
        for storage in storages:
            file.write(struct.pack("<q", len(storage.data) // 4) + storage.data)
