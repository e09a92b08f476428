import app  # noqa: F401  before any test imports numpy: how many threads it uses is decided then
