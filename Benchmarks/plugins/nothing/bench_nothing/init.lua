--- A filter that does nothing.
local M = { name = "bench_nothing", kind = "filter", api = 1 }
function M.process(event) end
M.samples = { { event = { message = "a" }, expect = { message = "a" } } }
return M
