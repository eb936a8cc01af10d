--- What HTTP's numbers mean to who reads a log.

local M = {}

--- A server's error is an error, a client's a warning: also nginx's 499, a client that went away.
function M.level_of(status)
  if status >= 500 then return "error" end
  return status >= 400 and "warning" or "info"
end

return M
