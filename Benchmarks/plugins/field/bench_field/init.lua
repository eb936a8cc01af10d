--- A filter that reads one field and writes one.
local M = { name = "bench_field", kind = "filter", api = 1 }
function M.process(event) event.fields.copy = event.fields.status end
M.samples = { { event = { fields = { status = "1" } }, expect = { fields = { copy = "1" } } } }
return M
