"""Asking the processor for memory before it is needed: the limit of matching is random access, not arithmetic."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


@intrinsic  # type: ignore[untyped-decorator,unused-ignore]
def prefetch(typing_context: Any, array: Any, index: Any) -> Any:
    """Fetch the cache line of ``array[index]`` without waiting; the index must lie inside the array."""
    signature = types.void(array, index)

    def generate(context: Any, builder: Any, call: Any, arguments: Any) -> Any:
        array_type, index_type = call.args
        array_value = context.make_array(array_type)(context, builder, arguments[0])
        position = context.cast(builder, arguments[1], index_type, types.intp)
        pointer = cgutils.get_item_pointer(context, builder, array_type, array_value, [position])
        as_bytes = builder.bitcast(pointer, ir.IntType(8).as_pointer())
        number = ir.IntType(32)
        fetch = builder.module.declare_intrinsic(
            "llvm.prefetch",
            [as_bytes.type],
            ir.FunctionType(ir.VoidType(), [as_bytes.type, number, number, number]),
        )
        read, keep, data = number(0), number(3), number(1)
        builder.call(fetch, [as_bytes, read, keep, data])
        return context.get_dummy_value()

    return signature, generate
