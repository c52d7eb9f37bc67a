"""NVRTC by ctypes: compiles device code for architectures that nvcc no longer has."""
import ctypes
import pathlib


class NvrtcError(Exception):
    """What NVRTC says."""


class Nvrtc:
    """The library of the unpacked wheels nvidia-cuda-nvrtc-cu12 and nvidia-cuda-runtime-cu12."""

    def __init__(self, wheels: pathlib.Path):
        self.include = wheels / "nvidia" / "cuda_runtime" / "include"
        library = wheels / "nvidia" / "cuda_nvrtc" / "lib" / "libnvrtc.so.12"
        try:
            self.library = ctypes.CDLL(str(library))
        except OSError as error:
            raise NvrtcError(f"cannot load {library}: {error}") from error

    def compile(self, source: str, names: list[str], options: list[str]) -> str:
        """Compiles the kernels `names` of `source` to machine code; returns the log."""
        program = ctypes.c_void_p()
        self._check(self.library.nvrtcCreateProgram(ctypes.byref(program), source.encode(),
                                                    b"kernels.cu", 0, None, None), "")
        try:
            for name in names:
                self._check(self.library.nvrtcAddNameExpression(program, name.encode()), name)
            flags = [option.encode() for option in [*options, f"-I{self.include}"]]
            status = self.library.nvrtcCompileProgram(
                program, len(flags), (ctypes.c_char_p * len(flags))(*flags))
            log = self._log(program)
            self._check(status, log)
            size = ctypes.c_size_t()
            self._check(self.library.nvrtcGetCUBINSize(program, ctypes.byref(size)), log)
            if size.value == 0:
                raise NvrtcError("no machine code came out")
            return log
        finally:
            self.library.nvrtcDestroyProgram(ctypes.byref(program))

    def _log(self, program: ctypes.c_void_p) -> str:
        size = ctypes.c_size_t()
        self._check(self.library.nvrtcGetProgramLogSize(program, ctypes.byref(size)), "")
        text = ctypes.create_string_buffer(size.value)
        self._check(self.library.nvrtcGetProgramLog(program, text), "")
        return text.value.decode()

    def _check(self, status: int, context: str) -> None:
        if status != 0:
            self.library.nvrtcGetErrorString.restype = ctypes.c_char_p
            raise NvrtcError(f"{self.library.nvrtcGetErrorString(status).decode()}\n{context}")
